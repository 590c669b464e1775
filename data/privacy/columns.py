"""Which columns of an export hold personal data, by their header or their content."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from data.privacy.checksums import is_card, is_iban, is_national_id
from data.privacy.masker import Masker
from data.privacy.spans import PLACEHOLDERS, fold

HASHED = ("email", "phone", "name", "handle", "key")  # one value per person: kept apart by a keyed hash
SAMPLE = 60  # distinct cells looked at
FEWEST = 3  # distinct cells below which content decides nothing
MOST = 0.8  # share of cells that must be of one kind
CODE_SHARE = 0.8  # share of cells without blanks from which a column holds codes, not words

_HEADERS = {
    "ip": "ip|ip address|ip adresse|ipaddress|indirizzo ip|adres ip|dirección ip|adresse ip|ip地址|عنوان ip|client ip|remote addr|user ip",
    "email": "email|e mail|mail|emails|email address|e mail address|mail address|recipient email|recipientemail|emailaddress|contact email|customer email"
    "|user email|author email|correo|correo electrónico|posta elettronica|indirizzo email|indirizzo e mail|indirizzo mail|adres email|adres e mail|adresse e mail"
    "|adresse email|e mail adresse|courriel|البريد|البريد الإلكتروني|البريد الالكتروني|ايميل|الايميل|邮箱|电子邮件|电子邮箱|邮箱地址",
    "phone": "phone|phone number|phonenumber|telephone|telephone number|tel|tel number|mobile|mobile number|mobile phone|cell|cell phone|cellphone|fax|whatsapp"
    "|contact number|customer phone|telefono|numero di telefono|cellulare|recapito|telefon|numer telefonu|nr telefonu|telefon komórkowy|komórka|teléfono"
    "|móvil|celular|telefonnummer|handy|handynummer|mobilnummer|téléphone|portable|numéro de téléphone|telefone|telemóvel|هاتف|الهاتف|رقم الهاتف|جوال|الجوال"
    "|رقم الجوال|موبايل|الموبايل|电话|电话号码|手机|手机号|手机号码|联系电话|联系方式",
    "name": "name|full name|fullname|first name|firstname|last name|lastname|surname|family name|given name|middle name|customer name|client name|user name|username|login"
    "|author|author name|reviewer|reviewer name|reviewername|nickname|display name|displayname|contact name|respondent name|employee name|guest name|patient name|person"
    "|recipient first name|recipient last name|recipientfirstname|recipientlastname|recipient name|agent name|manager name|posted by|written by|created by|submitter"
    "|requester|requester name|assignee|assignee name|nome|cognome|nome e cognome|nominativo|nome cliente|nome utente|utente|autore|recensore|imię|nazwisko|imię i nazwisko"
    "|imie|imie i nazwisko|autor|nazwa użytkownika|użytkownik|nombre|apellido|apellidos|nombre y apellidos|nombre completo|usuario|vorname|nachname|familienname|kundenname"
    "|benutzername|nutzername|verfasser|prénom|nom|nom complet|nom de famille|auteur|utilisateur|apelido|sobrenome|nome completo|usuário|utilizador|الاسم|اسم|الاسم الكامل"
    "|الاسم الأول|اسم العائلة|اسم العميل|اسم المستخدم|الكاتب|المؤلف|姓名|名字|用户名|昵称|作者|客户姓名|用户昵称|评论者|联系人|收件人|买家昵称",
    "handle": "handle|twitter handle|screen name|screenname|user screen name|twitter|instagram|wechat|微信|微信号|qq|telegram|skype",
    "address": "address|street|street address|address line 1|address line 2|home address|shipping address|billing address|postal address|zip|zip code|zipcode|postcode"
    "|post code|postal code|indirizzo|via|cap|codice postale|adres|ulica|kod pocztowy|dirección|domicilio|código postal|calle|adresse|anschrift|straße|strasse|plz"
    "|postleitzahl|rue|code postal|endereço|morada|cep|rua|العنوان|عنوان|الرمز البريدي|الشارع|地址|住址|收货地址|详细地址|家庭住址|邮编|邮政编码"
    "|latitude|longitude|location latitude|location longitude|locationlatitude|locationlongitude|lat|lng|lon|gps|geo|coordinates",
    "iban": "iban|bank account|bank account number|conto corrente|numer konta|konto bankowe|cuenta bancaria|kontonummer|compte bancaire|conta bancária|الآيبان|الحساب البنكي|银行账号|银行卡号",
    "card": "card number|credit card|credit card number|card no|cardnumber|numero carta|carta di credito|numer karty|kreditkarte|número de tarjeta|رقم البطاقة|信用卡号|卡号",
    "id": "ssn|social security number|national id|nationalid|nino|passport|passport number|tax id|driver license|driving licence|date of birth|dob|birth date|birthdate|birthday"
    "|codice fiscale|cf|data di nascita|carta d identità|pesel|nip|data urodzenia|nr dowodu|dni|nie|nif|fecha de nacimiento|steuer id|steuernummer|geburtsdatum|date de naissance"
    "|cpf|rg|data de nascimento|الهوية|رقم الهوية|الرقم القومي|رقم الإقامة|تاريخ الميلاد|رقم الجواز|身份证|身份证号|身份证号码|护照号|出生日期|生日|imei|mac address|device serial",
    "key": "customer id|customerid|customer number|customer no|client id|clientid|client number|user id|userid|uid|account|account id|accountid|account number|account no|member id"
    "|memberid|membership number|loyalty id|loyalty number|loyalty card|guest id|patient id|employee id|employee number|staff id|person id|contact id|contactid|author id|authorid|reviewer id"
    "|reviewerid|profile id|external reference|externalreference|externaldatareference|external data reference|device id|deviceid|visitor id|requester id|subscriber id|cookie id|customer unique id"
    "|id cliente|codice cliente|numero cliente|cliente id|id utente|matricola|tessera|id klienta|nr klienta|numer klienta|id użytkownika|id de cliente|número de cliente|cliente|kundennummer"
    "|kunden id|kundennr|nutzer id|mitarbeiter id|personalnummer|id client|numéro client|id utilisateur|id do cliente|número do cliente|matrícula|رقم العميل|رقم العضوية|معرف العميل|رقم الحساب"
    "|الرقم الوظيفي|معرف المستخدم|رقم المستخدم|客户编号|客户号|客户id|会员号|会员编号|用户id|用户编号|工号|账号|员工编号"
    "|order id|orderid|order number|order no|ordernumber|order reference|invoice number|invoice id|booking reference|booking number|reservation number|tracking number|id ordine|numero ordine"
    "|numero d ordine|nr zamówienia|numer zamówienia|id zamówienia|id pedido|número de pedido|número do pedido|bestellnummer|auftragsnummer|numéro de commande|رقم الطلب|رقم الفاتورة"
    "|رقم الحجز|订单号|订单编号|订单id|运单号|快递单号",
}  # fmt: skip
_KIND_OF = {header: kind for kind, headers in _HEADERS.items() for header in headers.split("|")}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")
_TOKEN = r"^\S*$"
_STRICT = re.compile(
    r"[^\s@]@[^\s@]+\.|^\+|^[A-Za-z]{2}\d\d[A-Za-z0-9]{11,30}$|://|^(?:\d{1,3}\.){3}\d{1,3}$|^[A-Za-z]{6}\d\d[A-Za-z]\d\d[A-Za-z]\d{3}[A-Za-z]$|^@"
)


def kind_of_header(header: str) -> str:
    """Say what a header promises: a kind of PLACEHOLDERS, "key" for an identifier, "" for nothing personal."""
    name = header.removeprefix("input_")
    plain = _NO_WORD.sub(" ", name.casefold()).strip()
    spaced = _NO_WORD.sub(" ", _CAMEL.sub(" ", name).casefold()).strip()
    return _KIND_OF.get(plain) or _KIND_OF.get(spaced, "")


def kind_of_cells(cells: Sequence[str], masker: Masker) -> str:
    """Say what a column holds by its cells: the kind that nearly all of a sample of them are, else "".

    Bare digits count only where check digits prove them: order and record numbers look like telephones.
    """
    sample = [cell for cell in dict.fromkeys(cells) if cell.strip()][:SAMPLE]
    if len(sample) < FEWEST:
        return ""
    kinds = [_kind_of_digits(fold(cell).strip()) for cell in sample]
    if "" in kinds:
        alone = {sign: kind for kind, sign in PLACEHOLDERS.items()}
        masked = masker.mask([cell.strip() for cell in sample])
        kinds = [kind or alone.get(text, "") for kind, text in zip(kinds, masked, strict=True)]
    best = max(sorted(set(kinds)), key=kinds.count)
    return "" if best in ("digits", "") or kinds.count(best) < MOST * len(sample) else best


def _kind_of_digits(cell: str) -> str:
    if not cell.isdigit():
        return ""
    if is_card(cell):
        return "card"
    return "id" if is_national_id(cell) else "digits"


def mask_cells(cells: Sequence[str], masker: Masker) -> list[str]:
    """Mask the distinct cells of a column that is not personal as a whole.

    A column of codes is only searched for what cannot be a code: addresses with @, +numbers, IBANs. Its other
    numbers stay, as they join to the company's own tables.
    """
    if not cells:
        return []
    array = pa.array(cells, pa.large_string())
    codes = pc.sum(pc.match_substring_regex(array, _TOKEN)).as_py() or 0
    if codes < CODE_SHARE * len(cells):
        return masker.mask(cells)
    masked = list(cells)
    places = [
        place for place, cell in enumerate(cells) if _STRICT.search(cell) or " " in cell or is_iban(cell)
    ]
    for place, text in zip(places, masker.mask([cells[place] for place in places]), strict=True):
        masked[place] = text
    return masked
