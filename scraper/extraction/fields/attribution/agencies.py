"""The news agencies that pages name, as data: what is printed → the agency's name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = {
    "Reuters": (
        "Thomson Reuters",
        "Reuters News",
        "Reuters News Agency",
        "Рейтер",
        "रॉयटर्स",
        "ロイター",
        "ロイター通信",
        "로이터",
        "路透社",
        "رويترز",
        "רויטרס",
        "رویترز",
        "রয়টার্স",
        "รอยเตอร์",
        "รอยเตอร์ส",
        "Ρόιτερς",
        "रायटर",
        "Рейтерс",
    ),
    "AP": (
        "Associated Press",
        "The Associated Press",
        "AP News",
        "AP通信",
        "美联社",
        "АП",
        "أ ب",
        "أسوشيتد برس",
        "اسوشيتد برس",
        "آسوشیتدپرس",
        "एपी",
        "এপি",
        "美聯社",
        "AP통신",
        "Ассошиэйтед Пресс",
    ),
    "AFP": (
        "Agence France-Presse",
        "Agence France Presse",
        "Agencia AFP",
        "AFP通信",
        "法新社",
        "АФП",
        "AFP News",
        "أ ف ب",
        "فرانس برس",
        "وكالة فرانس برس",
        "خبرگزاری فرانسه",
        "एएफपी",
        "এএফপি",
        "เอเอฟพี",
        "AFP통신",
        "AFP時事",
    ),
    "dpa": (
        "Deutsche Presse-Agentur",
        "dpa-infocom",
        "dpa-AFX",
        "dpa-tmn",
        "Deutsche Presse Agentur",
        "dpa/tmn",
        "د ب أ",
        "德新社",
    ),
    "EFE": ("Agencia EFE", "EFE News", "EFEverde", "Agência EFE"),
    "ANSA": ("Ansa", "Agenzia ANSA", "Ansa.it"),
    "Xinhua": (
        "Xinhua News Agency",
        "Xinhuanet",
        "新华社",
        "新华网",
        "新華社",
        "Синьхуа",
        "신화통신",
        "شينخوا",
        "شینهوا",
        "ซินหัว",
        "সিনহুয়া",
        "Tân Hoa Xã",
    ),
    "TASS": ("Tass", "ITAR-TASS", "ТАСС", "ИТАР-ТАСС", "塔斯社", "تاس"),
    "Interfax": ("Интерфакс", "INTERFAX.RU", "Interfax-Ukraine", "Інтерфакс-Україна"),
    "RIA Novosti": ("РИА Новости", "RIA"),
    "Sputnik": ("Спутник", "سبوتنيك"),
    "Ukrinform": ("Укринформ", "Укрінформ"),
    "Kyodo": ("Kyodo News", "共同通信", "共同", "共同通信社", "共同社"),
    "Jiji Press": ("Jiji", "時事通信", "時事"),
    "Newsis": ("뉴시스",),
    "News1": ("뉴스1",),
    "Yonhap": ("Yonhap News", "Yonhap News Agency", "연합뉴스", "韓聯社", "韩联社", "聯合ニュース"),
    "PTI": ("Press Trust of India", "पीटीआई", "पीटीआई-भाषा"),
    "ANI": ("Asian News International", "एएनआई"),
    "IANS": ("Indo-Asian News Service", "आईएएनएस"),
    "Bloomberg": ("Bloomberg News", "彭博社", "Блумберг"),
    "UPI": ("United Press International",),
    "APA": ("Austria Presse Agentur", "APA-OTS"),
    "Keystone-SDA": ("Keystone-SDA-ATS", "Keystone SDA", "SDA-Keystone", "Keystone-ATS", "SDA", "ATS"),
    "Lusa": ("Agência Lusa",),
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı", "Agencia Anadolu", "AA", "الأناضول", "وكالة الأناضول"),
    "DHA": ("Demirören Haber Ajansı",),
    "İHA": ("İhlas Haber Ajansı", "IHA"),
    "PA": ("PA Media", "Press Association", "PA News Agency", "The Press Association"),
    "CNN Wire": ("CNN Newsource", "CNNWire"),
    "KNA": ("Katholische Nachrichten-Agentur",),
    "epd": ("Evangelischer Pressedienst",),
    "SID": ("Sport-Informations-Dienst",),
    "Belga": ("Agence Belga", "Belga News Agency"),
    "ANP": ("Algemeen Nederlands Persbureau",),
    "NTB": ("Norsk Telegrambyrå",),
    "TT": ("TT Nyhetsbyrån",),
    "Ritzau": (),
    "STT": ("Suomen Tietotoimisto",),
    "PAP": ("Polska Agencja Prasowa",),
    "ČTK": ("CTK", "Česká tisková kancelář"),
    "TASR": (),
    "MTI": ("Magyar Távirati Iroda",),
    "Agerpres": (),
    "Tanjug": ("Танјуг",),
    "HINA": ("Hina",),
    "Europa Press": (),
    "Notimex": (),
    "Télam": ("Telam",),
    "Agência Brasil": (),
    "Adnkronos": (),
    "AGI": ("Agenzia Italia",),
    "Canadian Press": ("The Canadian Press", "La Presse Canadienne", "CP"),
    "AAP": ("Australian Associated Press",),
    "Bernama": (),
    "Antara": ("ANTARA News",),
    "VNA": ("TTXVN", "Vietnam News Agency", "Thông tấn xã Việt Nam"),
    "KUNA": ("كونا",),
    "WAM": ("وام",),
    "SPA": ("Saudi Press Agency", "واس"),
    "MENA": ("Middle East News Agency", "أ ش أ", "وكالة أنباء الشرق الأوسط"),
    "IRNA": ("ایرنا",),
    "Fars": ("Fars News Agency", "خبرگزاری فارس"),
    "Maan": ("Ma'an News Agency",),
    "APS": ("Algérie Presse Service",),
    "MAP": ("Maghreb Arabe Presse",),
    "PANA": ("Panapress",),
    "NAN": ("News Agency of Nigeria",),
    "SAnews": (),
    "China News Service": ("中新社", "中国新闻社", "中新网", "中国新闻网"),
    "CNA": ("中央社", "Central News Agency"),
    "News Wires": (
        "Newswires",
        "Wire Services",
        "Wire Reports",
        "News Agencies",
        "סוכנויות הידיעות",
        "סוכנויות",
        "وكالات",
    ),
    "Tribune News Service": ("TNS",),
    "States Newsroom": (),
    "Nexstar Media Wire": (),
    "StatePoint": (),
    "Inter Press Service": ("IPS",),
    "Religion News Service": ("RNS",),
    "KFF Health News": (),
    "ProPublica": (),
    "The Conversation": (),
    "AMNA": ("ΑΠΕ-ΜΠΕ", "ΑΠΕ"),
    "BTA": ("БТА",),
    "STA": (),
    "SITA": (),
    "BNS": (),
    "ELTA": (),
    "LETA": (),
    "BelTA": ("БЕЛТА", "БелТА"),
    "ANKA": (),
    "ISNA": ("ایسنا",),
    "Tasnim": ("تسنیم", "خبرگزاری تسنیم"),
    "Mehr News Agency": ("خبرگزاری مهر",),
    "Jordan News Agency": ("بترا", "Petra News Agency"),
    "WAFA": ("وفا",),
    "SANA": ("سانا",),
    "United News of India": ("यूनीवार्ता",),
    "Bangladesh Sangbad Sangstha": ("বাসস",),
    "United News of Bangladesh": ("ইউএনবি",),
    "UNIAN": ("УНІАН", "УНИАН"),
    "Estadão Conteúdo": (),
    "Folhapress": (),
}

AGENCIES: Mapping[str, str] = MappingProxyType(
    {alias: name for name, aliases in _NAMES.items() for alias in (name, *aliases)}
)
"""Every spelling of an agency and the name under which it is stored."""
FOLDED: Mapping[str, str] = MappingProxyType({fold(alias): name for alias, name in AGENCIES.items()})
"""The same by its folded spelling."""
_MAX_ACRONYM = 4


def _is_capitalised(text: str) -> bool:
    """Tell whether the words of a name have the capitals of the table, and others besides or not."""
    known = next((alias for alias in AGENCIES if fold(alias) == fold(text)), text)
    return len(known.split()) == len(text.split()) and all(
        word[:1].isupper() or not other[:1].isupper()
        for word, other in zip(text.split(), known.split(), strict=True)
    )


def is_spelled(text: str) -> bool:
    """Tell whether a name's capitals are an agency's: "Site Map" is not MAP, "the conversation" nobody's.

    A short word has none of its own or all of them; several words are as the table or in capitals.
    """
    if " " in text.strip():
        return text.isupper() or text in AGENCIES or text.istitle() or _is_capitalised(text)
    return (
        len(text) > _MAX_ACRONYM or text.isupper() or text.islower() or not text.isascii() or text in AGENCIES
    )
