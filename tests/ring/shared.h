/* SPDX-License-Identifier: MIT */
/* A value that forked children share. Zeroed; give it atomics. */
#ifndef MSGQ_TESTS_RING_SHARED_H
#define MSGQ_TESTS_RING_SHARED_H

#include <new>
#include <sys/mman.h>

template <typename T>
class Shared
{
public:
	Shared()
	{
		void *at = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (at == MAP_FAILED)
			throw std::bad_alloc();
		value_ = static_cast<T *>(at);
	}

	~Shared()
	{
		munmap(value_, sizeof(T));
	}
	Shared(const Shared &) = delete;
	Shared &operator=(const Shared &) = delete;

	T *operator->() const
	{
		return value_;
	}
	T &operator*() const
	{
		return *value_;
	}

private:
	T *value_;
};

#endif
