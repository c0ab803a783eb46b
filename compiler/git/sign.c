/*
 * Running ssh-keygen; see the header. With ed25519 the same text gives the same
 * signature, so that jobs which race still make the same commit.
 */
#include "base/base.h"
#include "git/sign.h"

#include "git/local.h"
#include "git/write.h"

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
	child = (struct child){ arguments, e.at, text };
	if (!child_run(mem, &child, signature, &err) &&
	    str_starts(*signature, S("-----BEGIN SSH SIGNATURE-----")))
		return true;
	while (err.n && err.p[err.n - 1] == '\n')
		err.n--;
	report_cannot_sign(d, nowhere, str_of(key), err.n ? err : S("ssh-keygen does not sign"));
	return false;
}

static int run(struct arena *mem, const char *const *arguments, const char *const *environment,
	       struct str input, struct str *out)
{
	struct environment e;
	struct str err;

	environment_take(mem, environment, &e);
	return child_run(mem, &(struct child){ arguments, e.at, input }, out, &err);
}

/* A file of its own for the signature: ssh-keygen takes no second input. */
static bool write_signature(struct arena *mem, struct str folder, struct str signature)
{
	struct diags quiet = diags_new(mem);
	struct folder f;
	bool done;

	if (!folder_open(&quiet, folder, &f) || f.fd < 0)
		return false;
	done = write_file(&quiet, &f, S("signature"), signature);
	folder_close(&f);
	return done;
}

static bool verify_file(struct arena *mem, const char *signers, const char *signature,
			struct str text, const char *const *environment, struct str *signer)
{
	const char *const find[] = { "ssh-keygen", "-Y", "find-principals", "-f",
				     signers,      "-s", signature,         NULL };
	struct str said;
	int64_t end;

	if (run(mem, find, environment, (struct str){ 0 }, &said))
		return false;
	end = str_find(said, '\n');
	*signer = str_copy(mem, str_slice(said, 0, end < 0 ? said.n : (uint32_t)end));
	const char *const check[] = { "ssh-keygen", "-Y", "verify",  "-n", "git",     "-f",
				      signers,      "-I", signer->p, "-s", signature, NULL };
	return signer->n && !run(mem, check, environment, text, &said);
}

bool sign_verify(struct arena *mem, const char *signers, struct str signature, struct str text,
		 const char *const *environment, struct str *signer)
{
	struct str made = scratch_make(mem);
	bool good;

	*signer = S("");
	good = made.n && write_signature(mem, made, signature) &&
	       verify_file(mem, signers, str_format(mem, "%.*s/signature", STR(made)).p, text,
			   environment, signer);
	scratch_drop(mem, made);
	return good;
}
