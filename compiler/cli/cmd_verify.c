/*
 * verify: whether a branch, or the index, holds what its source compiles to.
 */
#include "base/base.h"
#include "cli/session.h"
#include "driver/verify.h"
#include "report/doc.h"
#include "source/render.h"

static void say_text(struct buf *out, const struct verified *v, const char *version)
{
	render_escaped(out, v->ref);
	buf_format(out,
		   " (%.12s) is what %.12s compiles to: %" PRIu32 " clusters, %" PRIu32 " files\n",
		   v->commit.hex, v->source.hex, v->clusters, v->files);
	if (v->version.n && !str_eq(v->version, str_of(version))) {
		buf_lit(out, "it was published by meshc ");
		render_escaped(out, v->version);
		buf_format(out, ", and compiled again by %s\n", version);
	}
	if (v->signer.n) {
		buf_lit(out, "signed by ");
		render_escaped(out, v->signer);
		buf_char(out, '\n');
	} else if (v->is_signed) {
		buf_lit(out, "signed; `--allowed-signers FILE` says whether by somebody known\n");
	}
}

static void say_json(struct invocation *in, const struct verified *v, enum exit_code exit)
{
	struct doc d = doc_new(in->mem);

	doc_text(d, "schema", S("meshc.dev/verify/v1"));
	doc_text(d, "status", str_of(exit_word(exit)));
	doc_text(d, "ref", v->ref);
	doc_text(d, "commit", str_of(v->commit.hex));
	doc_text(d, "published", str_of(v->published.hex));
	doc_text(d, "source", str_of(v->source.hex));
	doc_text(d, "version", v->version);
	doc_bool(d, "signed", v->is_signed);
	doc_text(d, "signer", v->signer);
	doc_int(d, "clusters", v->clusters);
	doc_int(d, "files", v->files);
	doc_write(d, &in->out);
}

enum exit_code cmd_verify(struct invocation *in)
{
	struct verify_request request = { .ref = in->n_words ? in->words[0] : NULL,
					  .target = in->options.target,
					  .signers = in->options.allowed_signers,
					  .environment = in->environment };
	struct verified verified = { 0 };
	struct session s;
	enum exit_code exit;
	bool told = false;

	if (in->options.root_kind == ROOT_STAGED && (in->n_words || in->options.target))
		return command_complain(
			in, S("`--staged` is about the index: it takes no REF and no target"));
	session_open(&s, in);
	if (in->options.allowed_signers)
		s.confinement.off = "`--allowed-signers` runs ssh-keygen";
	if (confine_find_repository(&s.confinement, &s) && confine_enter(&s.confinement, &s))
		told = in->options.root_kind == ROOT_STAGED
			       ? verify_staged(&s.run, &s.result, &verified)
			       : verify(&s.run, &request, &s.result, &verified);
	exit = session_complain(&s);
	if (told && exit == EXIT_NO_RESULT)
		exit = EXIT_ANSWER_NO;
	if (in->options.output->json)
		say_json(in, &verified, exit);
	else if (exit == EXIT_CLEAN)
		say_text(&in->out, &verified, MESHC_VERSION);
	session_timings(&s);
	session_close(&s);
	return exit;
}
