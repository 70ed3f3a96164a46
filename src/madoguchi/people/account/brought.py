"""The addresses that django-allauth brings and officers use, with who may; what is not listed is refused."""

from madoguchi.platform.brake import limits

from ..rules import BOTH, READ, Rule, Table

BROUGHT: Table = {
    "account_login": Rule("anyone", BOTH, brake=limits.SIGN_IN),
    "account_logout": Rule("signed-in", BOTH),
    "account_reauthenticate": Rule("signed-in", BOTH),
    "account_change_password": Rule("signed-in", BOTH),
    "mfa_authenticate": Rule("anyone", BOTH, brake=limits.SIGN_IN),
    "mfa_login_webauthn": Rule("anyone", BOTH, brake=limits.SIGN_IN),
    "mfa_reauthenticate": Rule("signed-in", BOTH),
    "mfa_reauthenticate_webauthn": Rule("signed-in", BOTH),
    "mfa_index": Rule("signed-in", READ),
    "mfa_activate_totp": Rule("signed-in", BOTH),
    "mfa_deactivate_totp": Rule("officer", BOTH),
    "mfa_list_webauthn": Rule("signed-in", READ),
    "mfa_add_webauthn": Rule("signed-in", BOTH),
    "mfa_edit_webauthn": Rule("officer", BOTH),
    "mfa_remove_webauthn": Rule("officer", BOTH),
    "mfa_generate_recovery_codes": Rule("officer", BOTH),
    "mfa_view_recovery_codes": Rule("officer", READ),
    "mfa_download_recovery_codes": Rule("officer", READ),
}
