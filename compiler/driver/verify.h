/*
 * Proof that a published tree is what its source compiles to: compiled again from
 * the commit that it names, and compared byte for byte (by object id).
 */
#pragma once

#include "driver/publish.h"

struct verify_request {
	const char *ref;    /* NULL: the branch of the target */
	const char *target; /* NULL: the one that the commit names */
	const char *
		signers; /* file of allowed signers (ssh-keygen(1)); NULL: signatures are not judged */
	const char *const *environment;
};

struct verified {
	struct object_id commit;    /* that was asked about */
	struct object_id published; /* the last commit of meshc at or below it */
	struct object_id source;
	struct str ref, version;  /* version: of the meshc that published; empty: it does not say */
	uint32_t clusters, files; /* compared */
	struct str signer;        /* empty: unsigned, or not judged */
	bool is_signed;
};

/*
 * The same for what the next commit would hold: the output folder in the index against the sources in
 * the index. Findings: edited_by_hand, output_missing, output_foreign. false: it could not be told.
 */
bool verify_staged(struct run *, struct result *, struct verified *out);

/*
 * Findings: edited_by_hand, output_missing, output_foreign, bad_provenance, not_published,
 * bad_signature. false: it could not be told.
 */
bool verify(struct run *, const struct verify_request *, struct result *, struct verified *out);
