"""The bundled sample: invented comments and the sampler that dates them."""
