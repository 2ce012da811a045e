sign-in-title = Sign in
sign-in-about = For officials who take part in the digital transformation assessment.
sign-in-login = User name
sign-in-password = Password
sign-in-submit = Sign in
sign-in-refused = The user name or the password is wrong.
sign-in-throttled = Too many failed attempts, so the password was not checked. Wait { $seconds } seconds and try again.
sign-in-no-role = The account has no role in any authority yet. Ask an administrator.
