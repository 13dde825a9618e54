"""Does a column identify a person? Judged by its header and its values; nothing is ever cut by such a column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from data_access.files.names import AGENTS, CHINESE, CUSTOMER_IDS, is_id_name


class Sensitive(StrEnum):
    """What a column gives away."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    CARD = "card"
    ADDRESS = "address"
    IP = "ip"
    PLATE = "plate"
    PERSON_ID = "person_id"
    FREE_TEXT = "free_text"


EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
MOBILE = re.compile(r"(\+?86[- ]?)?1[3-9][\d*]{9}")
PHONE = re.compile(r"\+?\(?\d{2,4}\)?[- ]?\(?\d{3,4}\)?[- ]?\d{3,4}([- x]\d{1,5})?")
CARD = re.compile(r"\d{6}[\d*]{8}[\d*]{3}[\dXx*]|\d{4}([ -]?[\d*]{4}){3}\d{0,3}")
CARD_WORDS = re.compile(
    r"身份证|证件号|护照|社保号|passport|(?<![a-z])ssn(?![a-z])|social.?security|id.?card|iban|银行卡", re.I
)
IP = re.compile(r"(\d{1,3}\.){3}[\d*]{1,3}\s?([(（].{0,40}[)）])?|([\da-f]{0,4}:){3,7}[\da-f]{0,4}", re.I)
PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\- ]?[A-Z0-9*]{5,6}")
PLATE_WORDS = re.compile(r"车牌|licen[cs]e.?plate|number.?plate|\bplate\b|kennzeichen", re.I)
PERSON_IDS = re.compile(
    r"patient|student|citizen|passenger|openid|unionid|device.?id|设备(号|编号|id)|(?<![a-z])(imei|imsi|msisdn|uid)(?![a-z])",
    re.I,
)
NO_PERSON_IDS = re.compile(
    r"type|class|kind|segment|level|tier|group|status|类型|类别|级别|等级|星级|品牌|状态|经理|套餐", re.I
)
ENGLISH_NAME = re.compile(r"(Mr|Ms|Mrs|Dr)?\.? ?[A-Z][a-z'’.-]+( [A-Z]\.?)?( [A-Z][A-Za-z'’-]+){1,2}")
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章"
)
CHINESE_NAME = re.compile(
    rf"([{SURNAMES}]|欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容)([\u4e00-\u9fff*＊某]{{1,2}}|先生|女士|小姐)"
)
FIRST_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
    aaron abigail adam ahmed alexander ali alice amanda amber amy andrea andrew angela ann anna anthony ashley
    barbara benjamin betty brandon brenda brian carol carolyn carter catherine charles cheryl christina christine
    christopher cynthia daniel david deborah denise dennis diane donna dylan edward elijah elizabeth emily emma
    eric ethan evelyn fang frank gary george gloria grace gregory hannah heather helen henry hui jack jacob
    jacqueline james janet jason jean jeffrey jennifer jeremy jerry jessica jing joan john jonathan jose joseph
    joshua joyce judith judy julia julie justin karen katherine kathleen kelly kenneth kevin kimberly kyle larry
    laura lauren li liam lily linda lisa logan lucas madison margaret maria mark martha mary mason matthew megan
    melissa mia michael michelle ming mohamed nancy nathan nicholas nicole noah oliver olivia pamela patricia
    patrick paul peter priya rachel raj raymond rebecca richard robert ronald ruth ryan samantha samuel sandra
    sara sarah scott sharon sophia stephanie stephen steven susan teresa thomas timothy tyler victoria virginia
    wei wendy william ying zachary zoe
    """,
    )
)
PEOPLE = re.compile(
    r"(agent|advisor|operator|supervisor|manager|leader|employee|staff|owner|assignee|handled.?by)([_ ]?name)?$"
    r"|(?<!product)(?<!channel)(?<!category)(?<!queue)(?<!team)(?<!city)(?<!company)(?<!group)(?<!type)[_ ]name$"
    r"|^name$"
    r"|(坐席|座席|客服|话务员|员工|班长|组长|主管|经理|受理人|处理人|责任人|机主|联系人|客户|用户)(姓名|名字|名称)?$|姓名|名字",
    re.I,
)
PHONE_WORDS = re.compile(r"phone|mobile|\btel\b|telephone|msisdn|caller|电话|手机|号码|主叫|被叫", re.I)
ADDRESS = re.compile(r"(\b|_)address(\b|_)|street|地址|住址|anschrift|direcci[oó]n|adresse", re.I)
NO_ADDRESS = re.compile(r"type|类型|类别|\bmac\b", re.I)
PLACE = re.compile(
    r".{2,}(路|街|道|巷|弄|胡同|小区|村|大厦|号院).{0,12}\d+(号|室|栋|单元|幢|楼).{0,20}"
    r"|\d{1,5} ([A-Z][\w.'-]+ ){1,4}(St|Street|Ave|Avenue|Road|Rd|Lane|Ln|Blvd|Boulevard|Drive|Dr|Court|Ct)\b.{0,60}"
)
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.I)  # of the United Kingdom: a few houses each
TEXT_WORDS = re.compile(
    r"remark|comment|description|feedback|verbatim|note|message|suggestion|备注|描述|意见|建议|评语|留言|内容|说明",
    re.I,
)
OWN_WORDS = re.compile(  # what people wrote themselves, however short
    r"(\b|_)comments?(\b|_|$)|suggestion|verbatim|[_ -]text\b|free.?text|please specify|anything else|tell us"
    r"|in your own words|open.?end|kommentar|anmerkung|comentario|commentaire"
    r"|(\b|_)remarks?(\b|_|$)|备注|意见|建议|评语|留言|评论内容|请注明|补充说明",
    re.I,
)
MOST = 0.5


def sensitive(name: str, values: Sequence[str]) -> Sensitive | None:
    """What a column gives away, None when nothing was seen. `values` are distinct values without blanks.

    >>> sensitive("Agent_name", ["Wendy Taylor", "David Smith"])
    <Sensitive.NAME: 'name'>
    >>> sensitive("channel_name", ["Inbound", "Email"]) is None
    True
    """
    texts = [v.strip() for v in values if v.strip()]
    if not texts:
        return None
    for kind, is_one in CHECKS:
        if is_one(name, texts):
            return kind
    return None


def _share(pattern: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(pattern.fullmatch(v) is not None for v in values) / len(values)


def _is_email(_: str, values: Sequence[str]) -> bool:
    return _share(EMAIL, values) >= MOST


def _is_phone(name: str, values: Sequence[str]) -> bool:
    if _share(MOBILE, values) >= MOST:
        return True
    return bool(PHONE_WORDS.search(name)) and _share(PHONE, values) >= MOST and min(map(len, values)) >= 5


def _is_card(name: str, values: Sequence[str]) -> bool:
    return _share(CARD, values) >= MOST or bool(CARD_WORDS.search(name))


def _is_ip(_: str, values: Sequence[str]) -> bool:
    return _share(IP, values) >= MOST


def _is_plate(name: str, values: Sequence[str]) -> bool:
    return _share(PLATE, values) >= MOST or bool(PLATE_WORDS.search(name))


def _is_person_id(name: str, _: Sequence[str]) -> bool:
    """The id of a customer; an agent's is the key of a group of contacts."""
    if NO_PERSON_IDS.search(name) or AGENTS.search(name):
        return False
    return bool(PERSON_IDS.search(name) or (CUSTOMER_IDS.search(name) and is_id_name(name)))


def _is_name(name: str, values: Sequence[str]) -> bool:
    """Person-like words count under a header of people; without one only when most are known names."""
    english, chinese = _share(ENGLISH_NAME, values), _share(CHINESE_NAME, values)
    if PEOPLE.search(name) and not is_id_name(name):
        known = sum(v.replace(".", " ").split()[0].lower() in FIRST_NAMES for v in values) / len(values)
        return english >= 0.8 or chinese >= 0.6 or known >= MOST
    first = sum(v.split()[0].lower() in FIRST_NAMES for v in values) / len(values)
    return (english >= 0.8 and first >= 0.3) or (chinese >= 0.9 and len(values) >= 10)


def _is_address(name: str, values: Sequence[str]) -> bool:
    named = bool(ADDRESS.search(name)) and not NO_ADDRESS.search(name)
    if _share(PLACE, values) >= MOST or _share(POSTCODE, values) >= MOST:
        return True
    return named and sum(map(_width, values)) > 8 * len(values)


def _is_free_text(name: str, values: Sequence[str]) -> bool:
    """Mostly different and long; under a header such as "remark" also when short, under "suggestions" always."""
    if OWN_WORDS.search(name):
        return True
    length = sum(_width(v) for v in values) / len(values)
    if TEXT_WORDS.search(name):
        return len(values) > 50 or length > 20
    spoken = sum(" " in v or bool(CHINESE.search(v)) for v in values) / len(values)
    return len(values) > 100 and length > 25 and spoken >= MOST


def _width(value: str) -> int:
    """Length in Latin letters: a Chinese character says about as much as two and a half."""
    return len(value) + int(1.5 * len(CHINESE.findall(value)))


CHECKS: tuple[tuple[Sensitive, Callable[[str, Sequence[str]], bool]], ...] = (
    (Sensitive.EMAIL, _is_email),
    (Sensitive.IP, _is_ip),
    (Sensitive.PHONE, _is_phone),
    (Sensitive.CARD, _is_card),
    (Sensitive.PLATE, _is_plate),
    (Sensitive.PERSON_ID, _is_person_id),
    (Sensitive.NAME, _is_name),
    (Sensitive.ADDRESS, _is_address),
    (Sensitive.FREE_TEXT, _is_free_text),
)
IN_NUMBERS = (Sensitive.PHONE, Sensitive.CARD, Sensitive.PERSON_ID)  # what a column of numbers may give away
