// SPDX-License-Identifier: MIT
#include "ringer.h"

#include "../../lib/ringer.h"

/* To wait for one client would be to keep all others waiting. */
void ringer_ring(int bell)
{
	static msgq_ringer ringer;

	msgq_ringer_ring(&ringer, bell);
}
