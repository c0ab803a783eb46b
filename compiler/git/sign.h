/*
 * Signatures by ssh keys, as git makes and checks them with gpg.format=ssh
 * (git-config(1); PROTOCOL.sshsig of OpenSSH), through ssh-keygen.
 */
#pragma once

#include "git/child.h"
#include "source/diag.h"

/*
 * Whether somebody in the file of allowed signers (ssh-keygen(1)) made the signature; *signer: the
 * principal that the file gives the key.
 */
bool sign_verify(struct arena *, const char *signers, struct str signature, struct str text,
		 const char *const *environment, struct str *signer);

/* false: cannot_sign has been reported. */
bool sign_text(struct arena *, struct diags *, const char *key, struct str text,
	       const char *const *environment, struct str *signature);
