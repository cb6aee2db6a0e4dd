"""What the audit trail writes down: the action's key and its name for people."""

from __future__ import annotations

ACTIONS = {
    "login": "登录",
    "login_failed": "登录失败",
    "locked_out": "登录锁定",
    "unlock": "解除锁定",
    "logout": "退出",
    "second_factor": "两步验证",
    "password": "修改密码",
    "permission": "账号和权限",
    "apply": "修改内容",
    "publish": "发布",
    "withdraw": "撤下",
    "accept": "审核修改建议",
    "bulk": "批量修改",
    "import": "导入",
    "restore": "恢复旧版",
    "delete": "删除",
    "export": "导出",
    "backup_restored": "恢复备份",
    "prune": "归档审计记录",
}


def actions() -> list[tuple[str, str]]:
    """Choices for ``AuditEntry.action``."""
    return list(ACTIONS.items())
