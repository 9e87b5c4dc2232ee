"""A result without a secret is the same one; an account's secrets are all that opens it."""

from agent.guard.redaction import MASK, Redactor
from agent.guard.results import redacted
from agent.model import Account, Holder, Step, StepStatus
from tests.factories import result

PASSWORD = "hunter2secret"  # noqa: S105 - planted


def test_it_leaves_a_result_without_secrets_alone():
    step = Step(name="open", status=StepStatus.PASSED, duration_s=1.0, landmark="home")
    plain = result(detail="status 500 at /thu-tuc?id=1", console=("error: x",), steps=(step,))
    assert redacted(plain, Redactor(["hunter2secret"])) is plain


def test_it_redacts_all_that_an_account_holds():
    account = Account(name="test", holder=Holder.PERSON, username="079188004321", password=PASSWORD, pin="482913")
    told = result(detail="test, 079188004321, hunter2secret, 482913")
    assert redacted(told, Redactor(account.secrets)).detail == f"test, {MASK}, {MASK}, {MASK}"
    assert account.secrets == ("079188004321", "hunter2secret", "482913")
