"""What do people call their columns? Patterns over headers in English and Chinese, and names fit for a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from data_access.semantics import BUILT_IN_SCORES, TIME_DIMENSIONS, is_reserved

BUILT_IN = frozenset((*BUILT_IN_SCORES, *TIME_DIMENSIONS))
QUESTION = (
    r"how (?:dis)?(?:satisfied|happy|pleased|likely)|how (?:would|do|did) you (?:rate|score|grade|like|find)"
    r"|how was your|\brate (?:your|the|our|us)\b|satisfied (?:are|were) you"
    r"|wie zufrieden|wie (?:bewerten|beurteilen|wahrscheinlich)"
    r"|êtes-vous (?:satisfait|content)|comment (?:évalue|juge|note)|qué tan satisfech|cómo califica|quão satisfeit"
    r"|quanto .*soddisfatt|满意吗|是否满意|满意程度|如何评价|怎么评价|怎样评价|打几分|可能性.*推荐|推荐.*可能"
)
SATISFACTION = r"满意度|satisf|zufried|soddisf|tevreden|満足|服务评价得分|参评得分|\bdsat\b"
RATING = (
    r"\brating|\bscores?\b|评分|打分|得分|星评|(评价|服务)星级|评价等级|服务评价|测评结果|評価|\bstars?\b|\bnoten?\b|\bgrade\b"
    r"|schulnote|bewertung|beoordeling|évaluation|appréciation|calificaci|valoraci|puntuaci|avalia|valutazion|\bvoto\b"
)
# in the order of trust: an overall satisfaction beats a plain rating
SCORES = (
    re.compile(
        r"(整体|总体|综合|总).*(满意|评价|评分|体验)|csat"
        r"|(overall|global|general|gesamt).*(experience|(?<![a-z])sat(?![a-z]))|(?<![a-z])o(verall)?sat(?![a-z])"
        r"|(overall|global|general|gesamt|générale?).*(satisf|rating|\brate|score|zufried|bewert|soddisf|tevreden|calific)"
        r"|(satisf|rating|score|zufried|soddisf)\w*\b.*(overall|global|gesamt|general|générale?)",
        re.I,
    ),
    re.compile(SATISFACTION, re.I),
    re.compile(rf"{RATING}|{QUESTION}", re.I),
    re.compile(r"\bnps\b|推荐|recommend|empfehl|recomend|raccomand|recommand", re.I),
)
ASKED = re.compile(QUESTION, re.I)
NO_SCORES = re.compile(
    r"credit|risk|信用|风险|质检|\bqa\b|quality.?check|阈值|目标|target|_id$|原因|reason|次数|数量"
    r"|\bcounts?\b|number of",
    re.I,
)
SATISFIED = 1  # the place of satisfaction among SCORES
NO_SCORES_ALONE = re.compile(r"date|time|时间", re.I)  # but satisfaction with a time is satisfaction
TIMES = (  # in the order of trust; the last is when a contact ended
    re.compile(
        r"survey|评价(时间|日期|完成)|测评|回访|调查|参评|打分|评分|答卷|填写|反馈(时间|日期)|recorded.?date"
        r"|(?<!first.)respon[sd]\w*.?date|\brated|rating.?(date|time)|feedback.?(date|time)|answered.?(at|on)",
        re.I,
    ),
    re.compile(r"contact|\bcall|来电|呼入|接触|通话|会话|chat|受理|interaction|conversation|anruf", re.I),
    re.compile(r"respon|answer|应答|响应", re.I),
    re.compile(r"report|creat|start|begin|open|submit|ticket|case|issue|开始|创建|发生|提交|登记|erstellt", re.I),
    re.compile(
        r"date|time|(?<![a-z])(day|month|week|year|at|on|ts|period|quarter)(?![a-z])|日期|时间|年月|月份|日$|月$|周|时段|时点"
        r"|datum|zeit|\bmonat|fecha|\bdata\b|moment|jour",
        re.I,
    ),
    re.compile(r"clos|resol|finish|complet|(?<![a-z])end|办结|完成|结束|归档", re.I),
)
OF_SOMETHING_ELSE = re.compile(  # dates that a contact has besides its own: of the customer, the line, the order
    r"purchase|order|birth|(?<![a-z])(dob|due|sim|eta|etl)(?![a-z])|activat|opening|account.?(open|creat)|contract|expir"
    r"|registr|register|(?<![a-z])join|hire|install|warrant|last.?(login|update|change|order|modif)|updated|modified"
    r"|upgrade|renew|(?<![a-z])valid|(?<![a-z])since|load|extract|deliver|shipp|dispatch|payment|billing.?date|launch"
    r"|下单|订单|购买|生日|出生|截止|入网|入库|抽取|开户|开卡|开通|激活|合同|签约|到期|有效期|生效|失效|注册|加入|入职"
    r"|装机|换机|保修|发货|送达|缴费|付款|更新|修改|上市|续约|sim\s?卡",
    re.I,
)
LOADED = re.compile(r"load(ed)?_?(at|time)|etl|入库|加载", re.I)
EXTRACTED = re.compile(r"extract|抽取|取数", re.I)
REASONS = re.compile(r"reason|\bwhy\b|原因|归因|理由|不满点|扣分项", re.I)
CONTACT_IDS = re.compile(
    r"contact|ticket|case|call|session|interaction|record|unique|survey|工单|流水|会话|通话|服务单|记录|问卷"
    r"|vorgang|zaak|dossier|(?<![a-z])(fall|caso)|anfrage|aanvraag|melding",
    re.I,
)
CUSTOMER_IDS = re.compile(
    r"cust|client|member|user|account|subscriber|(?<!se)kunde|klant|客户|用户|会员|账号|账户", re.I
)
ID_WORDS = re.compile(
    r"(\b|_)(id|no|number|code|key|uuid|guid)(\b|_|$)|编号|编码|标识码|工号|流水号|号$|id$"
    r"|numm?er$",
    re.I,
)
COUNTED = re.compile(r"(\b|_)(no|num|number|nr)[ _.]{0,2}of(\b|_)|anzahl|数量|次数|个数|人数", re.I)
ROW_IDS = re.compile(
    r"^(id|uuid|guid|ticket|case|call|工单|编号|流水|单号|respondent|resp|vorgang|fall)( ?(#|№|n[°º]))?$"
    r"|^(#|№|n[°º]|n[uú]m(ero|[.])?|num[ée]ro) ?(de |du |d['’])?"
    r"(ticket|dossier|demande|incident|appel|caso|incidencia|llamada|chamado|reclamo)$"
    r"|respon[sd].{0,6}[_ ]?id$",
    re.I,
)
NO_ROW_IDS = re.compile(r"type|kind|class|status|channel|categ|name|order|类型|类别|分类|状态|渠道|订单", re.I)
ROW_NUMBERS = re.compile(r"^(序号|行号|no\.?|nr\.?|#|row|index|lfd\.? ?nr\.?|unnamed.*)$", re.I)
AGENTS = re.compile(
    r"^(.*([\s_.]|[\u3400-\u9fff]))?(agent|advis[oe]r|operator|representative|rep|csr|assignee|(handled|served)[ _]by"
    r"|(case|ticket|chat|call)[ _]?owner"
    r"|employee|staff|bearbeiter|mitarbeiter|agente"
    r"|坐席|座席|客服|话务员|接线员|员工|受理人|处理人|经办人|服务人员)"
    r"[\s_.]*(id|no|nr|number|code|name|key|user[\s_]?name|login|工号|编号|号码?|姓名|名称|名字|代码|账号)?\.?$|工号$|^工号",
    re.I,
)
TEAMS = re.compile(r"team|班组|小组|团队|技能组|(skill|agent)[_ ]?group", re.I)
CLUSTERS = (TEAMS, AGENTS)
GROUPS = re.compile(
    r"team|group|queue|store|shop|branch|site|region|district|area|dep(t|artment)|skill|product|brand|plan|segment|cluster"
    r"|班组|小组|团队|队列|技能|门店|营业厅|网点|区域|地区|部门|中心|职场|产品|品牌|套餐",
    re.I,
)
SIZES = re.compile(
    r"size|count|tenure|age\b|score|length|duration|share|rate|price|cost|人数|数量|时长|次数|率|费|额|量", re.I
)
OUTCOMES = re.compile(
    r"resolv|\bfcr\b|transfer|abandon|escalat|success|sla|in_?time|on_?time|repeat|complain"
    r"|是否解决|是否转|是否放弃|是否升级|是否及时|是否重复|是否投诉|解决与否",
    re.I,
)
WORSE_HIGH = re.compile(
    r"transfer|abandon|escalat|repeat|complain|wait|delay|duration|handl|time|(?<![a-z])(costs?|kosten|aht|hold|t?talk)(?![a-z])"
    r"|次数|投诉|转接|转人工|放弃|升级|重复|时长|等待|等候|欠费|质差|掉话|脱网",
    re.I,
)
INVITED = re.compile(
    r"\binvited?\b|surveyed|(survey|csat|nps).?(sent|offered|requested)$|是否邀评|是否参评邀请|邀评", re.I
)
EXEMPT = re.compile(r"exempt|豁免|是否剔除", re.I)
WEIGHTS = re.compile(r"^(weight|wt|survey_weight|权重|加权)$", re.I)
CHINESE = re.compile(r"[\u3400-\u9fff]")


def is_score_name(header: str) -> bool:
    """
    >>> is_score_name("CSAT Score"), is_score_name("credit score")
    (True, False)
    """
    return score_rank(header) is not None


@lru_cache(maxsize=4_096)  # of a wide table each name is asked a dozen times
def score_rank(header: str) -> int | None:
    """How surely a header names the score: 0 surest, None not at all.

    >>> score_rank("How satisfied were you with the waiting time?"), score_rank("number of ratings")
    (1, None)
    """
    words = header.replace("_", " ")
    if ASKED.search(words):
        return _rank(SCORES, header)
    if NO_SCORES.search(header) or NO_SCORES.search(words):
        return None
    rank = _rank(SCORES, header)
    return None if NO_SCORES_ALONE.search(header) and (rank is None or rank > SATISFIED) else rank


OTHER_TIME, UNSAID = len(TIMES) + 1, len(TIMES) - 2  # UNSAID: a date, but of what is not said


def time_rank(header: str) -> int:
    """How surely a header names the moment of the contact or the answer: lower is surer, OTHER_TIME is never.

    >>> time_rank("Survey date"), time_rank("SIM date") == OTHER_TIME
    (0, True)
    """
    rank = _rank(TIMES, header)
    if rank != 0 and OF_SOMETHING_ELSE.search(header):
        return OTHER_TIME
    if rank == UNSAID and TIMES[-1].search(header):
        return len(TIMES) - 1
    return len(TIMES) if rank is None else rank


def is_id_name(header: str) -> bool:
    """
    >>> is_id_name("store no"), is_id_name("number of transfers")
    (True, False)
    """
    return bool(ID_WORDS.search(header)) and not COUNTED.search(header)


def is_row_id(header: str) -> bool:
    """Whether a header names the id of a contact or an answer, which a row has for itself.

    >>> is_row_id("ticket"), is_row_id("工单编号"), is_row_id("customer_id"), is_row_id("call type no")
    (True, True, False, False)
    """
    if CUSTOMER_IDS.search(header) or NO_ROW_IDS.search(header) or any(p.search(header) for p in CLUSTERS):
        return False
    return bool(ROW_IDS.search(header) or (CONTACT_IDS.search(header) and is_id_name(header)))


def _rank(patterns: Sequence[re.Pattern[str]], header: str) -> int | None:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[_.]", " ", header))  # totalScore has two
    return next((i for i, p in enumerate(patterns) if p.search(header) or p.search(words)), None)


def is_free(name: str) -> bool:
    """Whether a column may be called so in a model, where the program has names of its own.

    >>> is_free("team"), is_free("score"), is_free("week"), is_free("w")
    (True, False, False, False)
    """
    return name not in BUILT_IN and not is_reserved(name)


def unique_names(headers: Iterable[str]) -> tuple[str, ...]:
    """Names fit for a model, one a header: its ASCII slug, else column_<n> counted from 1.

    >>> unique_names(["Sub-category", "渠道", "score", "Sub category"])
    ('sub_category', 'column_2', 'score_2', 'sub_category_2')
    """
    taken: set[str] = set()
    found = []
    for number, header in enumerate(headers, start=1):
        base = slug(header) or f"column_{number}"
        name, again = base, 2
        while name in taken or not is_free(name):
            name, again = f"{base}_{again}", again + 1
        taken.add(name)
        found.append(name)
    return tuple(found)


def slug(header: str) -> str:
    """An ASCII header as lower-case words joined by underscores; empty where letters would be lost.

    >>> slug(" CSAT Score "), slug("当月ARPU"), slug("2nd call")
    ('csat_score', '', 'c_2nd_call')
    """
    if any(c.isalpha() and not c.isascii() for c in header):
        return ""
    words = "_".join(re.findall(r"[A-Za-z0-9]+", header)).lower()[:60]
    return words if not words or words[0].isalpha() else f"c_{words}"


def clean_headers(headers: Iterable[str]) -> tuple[tuple[str, ...], list[tuple[int, str, str]]]:
    """Headers made whole: one line, none blank, none twice (case does not count), and what was changed.

    Returns the headers and (column number, as written, as named) of those renamed.

    >>> clean_headers(["a", "A", ""])[0]
    ('a', 'A (2)', 'column 3')
    """
    taken: set[str] = set()
    found: list[str] = []
    renamed: list[tuple[int, str, str]] = []
    for number, written in enumerate(headers, start=1):
        base = " ".join(written.replace("\ufeff", "").replace("\x00", "").split())
        name, again = base or f"column {number}", 2
        while name.casefold() in taken:
            name, again = f"{base or 'column'} ({again})", again + 1
        if name != base:
            renamed.append((number, written, name))
        taken.add(name.casefold())
        found.append(name)
    return tuple(found), renamed


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'
