/*
 * What Linkerd reads from annotations of a Service, which its team owns.
 *
 *	outlierDetection: {consecutiveErrors: 3}    balancer.linkerd.io/failure-accrual: consecutive
 *	                                            ...-consecutive-max-failures: "3"
 *	                                            ...-consecutive-min-penalty: 30s
 */
#include "base/base.h"
#include "target/linkerd/local.h"

#define ACCRUAL "balancer.linkerd.io/failure-accrual"

/* What Linkerd takes where nothing is said; the least pause may not be above it. */
static const int64_t default_max_penalty = INT64_C(60000000000);
/* Pauses grow up to this where the least one says nothing else, as they do elsewhere. */
static const int64_t usual_max_penalty = INT64_C(300000000000);

void linkerd_failure_accrual(struct lowering *lw, const struct destination_plan *d)
{
	const struct outlier_detection *o = effect_outlier(&d->client);
	int64_t penalty, most;
	struct label wanted[4];
	uint32_t n = 3;

	if (!o)
		return;
	penalty = o->base_ejection_time.v;
	most = penalty > usual_max_penalty ? penalty : usual_max_penalty;
	wanted[0] = (struct label){ S(ACCRUAL), S("consecutive") };
	wanted[1] = (struct label){ S(ACCRUAL "-consecutive-max-failures"),
				    str_int(lw->mem, o->consecutive_errors.v) };
	wanted[2] = (struct label){ S(ACCRUAL "-consecutive-min-penalty"),
				    linkerd_duration(lw->mem, penalty) };
	if (penalty > default_max_penalty)
		wanted[n++] = (struct label){ S(ACCRUAL "-consecutive-max-penalty"),
					      linkerd_duration(lw->mem, most) };
	require_annotations(lw, d->service, wanted, n, d->client.owner[FEATURE_OUTLIER_DETECTION],
			    d->client.at[FEATURE_OUTLIER_DETECTION]);
}
