// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <memory>

using msgqipc::Error;
using msgqipc::Result;

namespace
{

TEST(Result, HoldsAValueOrAnError)
{
	Result<int> seven(7), full(Error::rnr);

	EXPECT_TRUE(seven);
	EXPECT_TRUE(seven.has_value());
	EXPECT_EQ(*seven, 7);
	EXPECT_EQ(seven.value(), 7);
	EXPECT_EQ(seven.error(), Error::succ);
	EXPECT_FALSE(full);
	EXPECT_EQ(full.error(), Error::rnr);
}

TEST(Result, OfNothingIsDoneOrAnError)
{
	Result<void> done = msgqipc::Done{}, gone = Error::notfound;

	EXPECT_TRUE(done);
	done.value();
	EXPECT_FALSE(gone);
	EXPECT_EQ(gone.error(), Error::notfound);
}

TEST(Result, GivesAwayWhatCanOnlyBeMoved)
{
	Result<std::unique_ptr<int>> made(std::make_unique<int>(7));
	std::unique_ptr<int> taken = std::move(made).value();

	EXPECT_EQ(*taken, 7);
}

TEST(Result, ThrowsWhenThereIsNoValue)
{
	Result<int> full(Error::rnr);
	Result<void> gone(Error::notfound);

	try {
		full.value();
		FAIL() << "nothing was thrown";
	} catch (const msgqipc::Failure &failure) {
		EXPECT_EQ(failure.error(), Error::rnr);
		EXPECT_STREQ(failure.what(), msgqipc_strerror(MSGQIPC_ERR_RNR));
	}
	EXPECT_THROW(gone.value(), std::exception);
}

TEST(Result, HasTheErrorsOfTheHeader)
{
	for (int code = 0; code <= MSGQIPC_ERR_ACCES; code++)
		EXPECT_STREQ(msgqipc::text(static_cast<Error>(code)), msgqipc_strerror(code));
	EXPECT_EQ(static_cast<int>(Error::acces), MSGQIPC_ERR_ACCES);
	EXPECT_EQ(static_cast<int>(Error::nrqr), MSGQIPC_ERR_NRQR);
}

} // namespace
