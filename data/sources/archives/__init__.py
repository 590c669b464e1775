"""Archives: zip, tar and gzip of exports, read member by member, never unpacked to the disk."""
