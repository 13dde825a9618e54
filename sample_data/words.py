"""How is each data value called in English and Chinese? The `labels` table; the taxonomy gives the other names."""

from __future__ import annotations

import pandas as pd

from . import world
from .people import TEAMS

_NODES = {
    "greet": ("Greeting", "问候"),
    "identify": ("Identification", "身份识别"),
    "intent": ("Purpose", "意图识别"),
    "confirm": ("Confirmation", "确认"),
    "action": ("Action", "办理"),
    "done": ("Done", "完成"),
    "repeat": ("Asked again", "重复询问"),
    "handover": ("Handover", "转人工"),
}
_SCENARIO = {
    "bill_query": ("Bill query", "账单查询"),
    "balance_query": ("Balance query", "余额查询"),
    "plan_change": ("Plan change", "套餐变更"),
    "fault_report": ("Fault report", "故障报修"),
    "password_reset": ("Password reset", "密码重置"),
    "outage_check": ("Outage check", "断网查询"),
    "roaming": ("Roaming", "漫游业务"),
}
_CHANNEL = {
    "phone": ("Phone", "电话"),
    "app": ("App", "APP"),
    "web": ("Website", "网站"),
    "wechat": ("WeChat", "微信"),
}
_LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "channel": _CHANNEL,
    "scenario": _SCENARIO,
    "business": {
        "mobile_4g": ("Mobile 4G", "移动4G"),
        "mobile_5g": ("Mobile 5G", "移动5G"),
        "broadband": ("Broadband", "宽带"),
        "fixed_line": ("Fixed line", "固话"),
        "iot": ("Internet of Things", "物联网"),
        "value_added": ("Value-added services", "增值业务"),
    },
    "sub_type": {
        "4g_bill": ("4G: bill", "4G账单"),
        "4g_plan": ("4G: plan", "4G套餐"),
        "4g_coverage": ("4G: coverage", "4G信号"),
        "4g_roaming": ("4G: roaming", "4G漫游"),
        "5g_bill": ("5G: bill", "5G账单"),
        "5g_plan": ("5G: plan", "5G套餐"),
        "5g_coverage": ("5G: coverage", "5G信号"),
        "5g_device": ("5G: device", "5G终端"),
        "bb_fault": ("Broadband: fault", "宽带故障"),
        "bb_install": ("Broadband: installation", "宽带装机"),
        "bb_bill": ("Broadband: bill", "宽带账单"),
        "bb_move": ("Broadband: move", "宽带移机"),
        "fixed_fault": ("Fixed line: fault", "固话故障"),
        "fixed_bill": ("Fixed line: bill", "固话账单"),
        "fixed_move": ("Fixed line: move", "固话移机"),
        "iot_card": ("IoT: cards", "物联网卡"),
        "iot_platform": ("IoT: platform", "物联网平台"),
        "vas_cancel": ("Value-added: cancel", "增值业务退订"),
        "vas_refund": ("Value-added: refund", "增值业务退费"),
        "vas_use": ("Value-added: use", "增值业务使用"),
    },
    "region": {
        "central": ("Central district", "中心城区"),
        "east": ("East", "东部"),
        "south": ("South", "南部"),
        "west": ("West", "西部"),
        "north": ("North", "北部"),
        "coast": ("Coast", "沿海"),
        "hills": ("Hills", "山区"),
        "new_district": ("New district", "新区"),
    },
    "tier": {
        "basic": ("Basic", "普通"),
        "silver": ("Silver", "银卡"),
        "gold": ("Gold", "金卡"),
        "vip": ("VIP", "VIP"),
    },
    "agent_skill": {
        "junior": ("Junior", "初级"),
        "intermediate": ("Intermediate", "中级"),
        "senior": ("Senior", "高级"),
        "expert": ("Expert", "专家"),
    },
    "tenure_band": {
        "d0_60": ("Up to 60 days", "60天以内"),
        "d61_180": ("61 to 180 days", "61–180天"),
        "d181_365": ("181 to 365 days", "181–365天"),
        "d366_plus": ("Over a year", "一年以上"),
    },
    "bot_owner": {"national": ("National", "全国统一"), "provincial": ("Provincial", "省内自建")},
    "exempt_reason": {
        "abusive_customer": ("Abusive customer", "客户辱骂"),
        "misdirected_rating": ("Rating of another service", "误评其他服务"),
        "known_outage": ("Known outage", "已通报故障"),
        "test_contact": ("Test contact", "拨测"),
    },
    "level": {"local": ("Handled locally", "本地投诉"), "escalated": ("Escalated", "升级投诉")},
    "outcome": {
        "upheld": ("Upheld", "投诉成立"),
        "partly_upheld": ("Partly upheld", "部分成立"),
        "rejected": ("Rejected", "不成立"),
        "withdrawn": ("Withdrawn", "客户撤诉"),
    },
    "sample": {
        "random": ("Random sample", "随机抽检"),
        "targeted": ("Targeted sample", "定向抽检"),
        "doubled": ("Extra random sample of new agents", "新员工加抽"),
    },
    "qa_error": {
        "identified": ("Customer not identified", "未核验客户身份"),
        "solved": ("Request not solved", "未解决客户诉求"),
        "explained": ("Charge not explained", "未讲清费用"),
        "wording": ("Wording off the standard", "用语不规范"),
        "wrong_answer": ("Wrong answer", "答复错误"),
    },
    "qa_question": {
        "identified": ("Problem identified", "识别问题"),
        "solved": ("Problem solved", "解决问题"),
        "explained": ("Explained clearly", "解释清楚"),
        "wording": ("Wording", "用语规范"),
    },
    "session_outcome": {
        "contained": ("Stayed with the bot", "机器人内结束"),
        "handed_over": ("Handed to an agent", "转人工"),
        "dropped": ("Customer left", "客户离开"),
    },
    "source": {
        "group": ("Group average", "集团平均"),
        "competitor_a": ("Competitor A", "竞争对手甲"),
        "competitor_b": ("Competitor B", "竞争对手乙"),
        **{name: (f"Province {i + 1}", f"省份 {i + 1}") for i, name in enumerate(world.PROVINCES)},
    },
    "kind": {
        "rule_change": ("Rule change", "规则变更"),
        "release": ("Release", "版本发布"),
        "outage": ("Outage", "网络故障"),
        "campaign": ("Campaign", "营销活动"),
    },
}
SELF_UNITS = tuple(f"self_{channel}" for channel in world.CHANNEL if channel != "phone")
FLOW_UNITS = tuple(f"{bot}_{scenario}" for bot in ("ivr", "text") for scenario in world.SCENARIOS)
UNITS = TEAMS + SELF_UNITS + FLOW_UNITS
FLOW_VERSIONS = tuple(f"{scenario} {version}" for scenario in world.SCENARIOS for version in ("3.1", "3.2", "3.3"))


def labels() -> pd.DataFrame:
    """dimension, value, en, zh: one row per value that is a code and not in the taxonomy."""
    names = _LABELS | {"bot_node": _NODES, "team": _teams(), "unit": _teams() | _units(), "flow_version": _versions()}
    rows = [(dimension, value, *texts) for dimension, values in names.items() for value, texts in values.items()]
    return pd.DataFrame(rows, columns=["dimension", "value", "en", "zh"])


def _teams() -> dict[str, tuple[str, str]]:
    return {team: (f"Team {number}", f"{number}班") for number, team in enumerate(TEAMS, start=1)}


def _units() -> dict[str, tuple[str, str]]:
    """Self-service by channel and bot flows by scenario: they, too, serve many customers in one way."""
    pages = {unit: _CHANNEL[unit.removeprefix("self_")] for unit in SELF_UNITS}
    bots = {"ivr": ("Voice bot", "语音机器人"), "text": ("Text bot", "文本机器人")}
    flows = {
        f"{bot}_{code}": (f"{english}: {_SCENARIO[code][0].lower()}", f"{chinese}·{_SCENARIO[code][1]}")
        for bot, (english, chinese) in bots.items()
        for code in world.SCENARIOS
    }
    return {
        unit: (f"Self-service: {english}", f"自助·{chinese}") for unit, (english, chinese) in pages.items()
    } | flows


def _versions() -> dict[str, tuple[str, str]]:
    split = {version: version.split(" ") for version in FLOW_VERSIONS}
    return {
        version: (f"{_SCENARIO[code][0]} {number}", f"{_SCENARIO[code][1]} {number}")
        for version, (code, number) in split.items()
    }
