/* SPDX-License-Identifier: MIT */
/* Calls of which each allocation, and each copy, fails once. */
#ifndef MSGQ_TESTS_API_FAULT_H
#define MSGQ_TESTS_API_FAULT_H

#include "abi.h"
#include "failing.h"

#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace api
{

/* More than any call here allocates and copies. */
inline constexpr unsigned MANY = 2000;
inline constexpr int TURNS = 4;
inline constexpr uint32_t SMALL = 4, LARGE = 4000;

class FaultTest : public AbiTest
{
protected:
	Failing failing;

	void SetUp() override
	{
		AbiTest::SetUp();
		if (!IsSkipped() && failing.missing())
			GTEST_SKIP() << "this kernel injects no failures: it has no fail-nth";
	}

	// What a call may come to when something that it needs has failed.
	static void expect_clean(int error, uint32_t why)
	{
		switch (error) {
		case ENOMEM:
			EXPECT_EQ(why, uint32_t(MSGQ_WHY_MEMORY));
			return;
		case EFAULT:
			// The answer did not get out, or the request not in.
			EXPECT_EQ(why, uint32_t(MSGQ_WHY_NONE));
			return;
		default:
			ADD_FAILURE() << strerror(error) << ", why " << why;
		}
	}

	/*
	 * @round makes one call with the failure number n; until no call meets
	 * one. Each number several times: now and then a slab is refilled on the
	 * way, and all that comes after it is one further on.
	 */
	static void each(const std::function<Failed(unsigned)> &round, const std::set<int> &errors)
	{
		std::set<int> met;
		bool fired = true;
		unsigned nth;

		for (nth = 1; fired && nth < MANY; nth++) {
			SCOPED_TRACE("failure " + std::to_string(nth));
			fired = false;
			for (int turn = 0; turn < TURNS && !HasFailure(); turn++) {
				Failed answer = round(nth);

				fired |= answer.fired;
				if (answer.fired)
					met.insert(answer.error);
				else
					EXPECT_EQ(answer.error, 0) << "without a failure";
			}
			if (HasFailure())
				return;
		}
		EXPECT_LT(nth, MANY);
		EXPECT_FALSE(met.empty()) << "no failure was ever injected";
		for (int error : errors)
			EXPECT_TRUE(met.count(error)) << "never: " << strerror(error);
	}

	// The request, failing; then again, as nothing may stand in its way.
	template <typename T>
	Failed ask(unsigned nth, const Device &device, unsigned long request, const T &arg,
		   uint32_t then = MSGQ_WHY_NONE)
	{
		T failed = arg, again = arg;
		Failed answer = failing.during(nth, [&] { return device.ask(request, &failed); });

		if (answer.error)
			expect_clean(answer.error, failed.refusal.why);
		if (answer.error == EFAULT && then != MSGQ_WHY_NONE) {
			// It was done or not: only its answer did not get out.
			uint32_t why = device.why(request, again);

			EXPECT_TRUE(why == then || why == MSGQ_WHY_NONE) << why;
		} else if (answer.error) {
			EXPECT_WHY(NONE, device.why(request, again));
		}
		works(device);
		return answer;
	}

	// The context does what contexts do.
	static void works(const Device &device)
	{
		msgq_create made = device.create(SMALL);
		Device sender = Device::greeted();
		msgq_attach attached = sender.attach(made.address);

		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
		EXPECT_WHY(NONE, sender.handle(MSGQ_IOC_WAKE, attached.handle));
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made.handle));
	}

	template <typename T>
	void each_request(unsigned long request, const T &arg, uint32_t then = MSGQ_WHY_NONE)
	{
		each([&](unsigned nth) { return ask(nth, Device::greeted(), request, arg, then); },
		     { EFAULT });
	}

	// Of an own queue.
	void each_handle(unsigned long request, uint32_t then = MSGQ_WHY_NONE)
	{
		each(
			[&](unsigned nth) {
				Device device = Device::greeted();
				msgq_handle arg = {};

				arg.handle = device.create(SMALL).handle;
				return ask(nth, device, request, arg, then);
			},
			{ EFAULT });
	}
};

} // namespace api

#endif
