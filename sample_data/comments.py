"""What do customers write? Short made-up sentences per reason, Chinese and English, without any personal data."""

from __future__ import annotations

from typing import Any

import numpy as np

from .draws import Draws, Ints

CHINESE_SHARE = 0.75
PRAISE = (
    ("解答清楚,问题当场解决了。", "很快接通,服务很好。", "客服很耐心,给个好评。", "办理方便,满意。"),
    ("Quick and clear, thank you.", "Solved at once, very patient.", "Easy to use, no complaints."),
)
NOT_STATED = (
    ("一般吧。", "还可以,没什么好说的。", "不太满意。"),
    ("Could be better.", "Just so-so.", "Not really satisfied."),
)
COMPLAINTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "wait_busy": (
        ("等了很久才接通。", "月初根本打不进来,一直占线。"),
        ("Waited far too long.", "The line was busy again and again."),
    ),
    "cannot_answer": (
        ("客服说要等回复,不能当场答复。", "问什么都说要上报。"),
        ("They could not answer and promised to call back.",),
    ),
    "unclear_answer": (
        ("解释了半天还是没听懂。", "答非所问。"),
        ("The explanation made no sense.", "Did not answer my question."),
    ),
    "inconsistent_answer": (("两次打来说法不一样。",), ("Two agents told me two different things.",)),
    "attitude": (("态度冷淡,不耐烦。",), ("The agent was impatient.",)),
    "repeat_transfer": (("转来转去,没人负责。",), ("Passed from one person to the next.",)),
    "not_resolved": (("问题还是没解决。", "打了几次都没办好。"), ("Still not solved.", "Third time, same problem.")),
    "promise_not_kept": (("答应回电,一直没有回。",), ("The promised call never came.",)),
    "ticket_overdue": (("工单过了时限还没处理。",), ("My case is overdue.",)),
    "outcome_rejected": (("不接受这个处理结果。",), ("I do not accept this outcome.",)),
    "billing_dispute": (
        ("账单多收了钱,说是新规则。", "扣费不明不白,要求退回。"),
        ("Charged more than agreed.", "The bill is wrong and nobody can change it."),
    ),
    "vas_no_consent": (("没订过的业务也在扣费。",), ("I never ordered this service.",)),
    "tariff_rule": (("套餐不能降档,不合理。",), ("The plan rules are unfair.",)),
    "contract_rule": (("销户还要交违约金。",), ("The early-termination charge is too high.",)),
    "refund_rule": (("退费太慢,还不全额。",), ("The refund is slow and partial.",)),
    "no_notice": (("变更没有提前通知。",), ("Nobody told me before the change.",)),
    "promo_wording": (("和宣传的不一样。",), ("Not what was advertised.",)),
    "marketing_disturbance": (("推销电话太多了。",), ("Too many sales calls.",)),
    "network_quality": (("信号差,网速慢。",), ("Poor signal, slow speed.",)),
    "outage": (("断网一整天。",), ("No connection all day.",)),
    "install_repair_late": (("约好的师傅没来。",), ("The technician did not come.",)),
    "app_failure": (("APP打不开,办理失败。",), ("The app failed again.",)),
    "chat_slow": (("在线客服半天不回。",), ("Chat replies take forever.",)),
    "bot_misunderstood": (("机器人听不懂我说什么。",), ("The bot did not understand me.",)),
    "bot_loop": (("机器人一直重复,绕不出去。", "改套餐时流程死循环。"), ("The bot went round in circles.",)),
    "no_human": (("找不到人工。",), ("No way to reach a person.",)),
    "context_lost": (("转人工后又要重说一遍。",), ("I had to repeat everything.",)),
    "identity_check": (("核实信息太多。",), ("Too many identity questions.",)),
    "out_of_policy_demand": (("我的要求为什么不能满足?",), ("Why can my request not be met?",)),
    "not_stated": NOT_STATED,
}


def write(draws: Draws, reason: Ints, codes: tuple[str, ...], score: Any) -> np.ndarray[Any, Any]:
    """A comment or None per answer; who is dissatisfied writes more often. `reason` is -1 where none was asked."""
    chance = np.where(score <= 6, 0.42, np.where(score < 10, 0.16, 0.06))
    writes = draws.uniform("comment") < chance
    language = (draws.uniform("comment language") >= CHINESE_SHARE).astype(int)
    which = (1000 * draws.uniform("comment wording")).astype(int)
    texts = [COMPLAINTS[code] for code in codes] + [PRAISE]  # -1 picks the praise
    comments = np.full(len(reason), None, dtype=object)
    for row in np.flatnonzero(writes):
        wordings = texts[reason[row]][language[row]]
        comments[row] = wordings[which[row] % len(wordings)]
    return comments
