// SPDX-License-Identifier: MIT
/* How the calls answer. */
#ifndef MSGQIPC_RESULT_HPP
#define MSGQIPC_RESULT_HPP

#include <cstdlib>
#include <type_traits>
#include <utility>
#ifdef __cpp_exceptions
#include <exception>
#endif

#include "../msgqipc.h"

namespace msgqipc
{

enum class Error : int {
	succ = MSGQIPC_ERR_SUCC,
	inval = MSGQIPC_ERR_INVAL,
	nores = MSGQIPC_ERR_NORES,
	rnr = MSGQIPC_ERR_RNR,
	failover = MSGQIPC_ERR_FAILOVER,
	failure = MSGQIPC_ERR_FAILURE,
	notsupp = MSGQIPC_ERR_NOTSUPP,
	trunc = MSGQIPC_ERR_TRUNC,
	size = MSGQIPC_ERR_SIZE,
	inactive = MSGQIPC_ERR_INACTIVE,
	exists = MSGQIPC_ERR_EXISTS,
	cancel = MSGQIPC_ERR_CANCEL,
	notfound = MSGQIPC_ERR_NOTFOUND,
	nrqr = MSGQIPC_ERR_NRQR,
	acces = MSGQIPC_ERR_ACCES,
};

/* Its name and a sentence about it. */
inline const char *text(Error error) noexcept
{
	return msgqipc_strerror(static_cast<int>(error));
}

/* More about the failure of this thread's last call; "" if there is no more. */
inline const char *detail() noexcept
{
	return msgqipc_error_detail();
}

#ifdef __cpp_exceptions
/* What Result::value() throws. */
class Failure : public std::exception
{
	Error error_;

public:
	explicit Failure(Error error) noexcept : error_(error)
	{
	}
	Error error() const noexcept
	{
		return error_;
	}
	const char *what() const noexcept override
	{
		return text(error_);
	}
};
#endif

/* The value of what has none: Result<void>. */
struct Done {
};

/* A T, or an error; std::expected will do as well when it is everywhere. */
template <typename T>
class [[nodiscard]] Result
{
	using Value = std::conditional_t<std::is_void_v<T>, Done, T>;

	Value value_{};
	Error error_ = Error::succ;

	void check() const
	{
		if (has_value())
			return;
#ifdef __cpp_exceptions
		throw Failure(error_);
#else
		std::abort();
#endif
	}

public:
	Result(Value value) noexcept : value_(std::move(value))
	{
	}
	Result(Error error) noexcept : error_(error)
	{
	}

	bool has_value() const noexcept
	{
		return error_ == Error::succ;
	}
	explicit operator bool() const noexcept
	{
		return has_value();
	}
	Error error() const noexcept
	{
		return error_;
	}

	/* For who has asked before; what is there otherwise is of no use. */
	Value &operator*() noexcept
	{
		return value_;
	}
	Value *operator->() noexcept
	{
		return &value_;
	}

	/* Throws a Failure if there is none, or ends the program where it cannot. */
	Value &value() &
	{
		check();
		return value_;
	}
	Value value() &&
	{
		check();
		return std::move(value_);
	}
};

namespace detail_
{

inline Error last() noexcept
{
	return static_cast<Error>(msgqipc_get_error());
}

inline Result<void> done(int result) noexcept
{
	if (result)
		return last();
	return Done{};
}

template <typename T>
Result<T> asked(msgqipc_ctx *ctx, msgqipc_queue *queue, int command) noexcept
{
	T value{};

	if (msgqipc_ctl(ctx, queue, command, 0, &value))
		return last();
	return value;
}

} // namespace detail_

} // namespace msgqipc

#endif
