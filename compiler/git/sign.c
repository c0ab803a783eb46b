/*
 * Running ssh-keygen; see the header. With ed25519 the same text gives the same
 * signature, so that jobs which race still make the same commit.
 */
#include "base/base.h"
#include "git/sign.h"

static const struct span nowhere;

bool sign_text(struct arena *mem, struct diags *d, const char *key, struct str text,
	       const char *const *environment, struct str *signature)
{
	const char *const arguments[] = { "ssh-keygen", "-Y", "sign", "-n", "git",
					  "-q",         "-f", key,    NULL };
	struct environment e;
	struct child child;
	struct str err;

	environment_take(mem, environment, &e);
	child = (struct child){ arguments, e.at, NULL, text };
	if (!child_run(mem, &child, signature, &err) &&
	    str_starts(*signature, S("-----BEGIN SSH SIGNATURE-----")))
		return true;
	while (err.n && err.p[err.n - 1] == '\n')
		err.n--;
	report_cannot_sign(d, nowhere, str_of(key), err.n ? err : S("ssh-keygen does not sign"));
	return false;
}
