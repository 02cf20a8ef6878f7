// SPDX-License-Identifier: MIT
#include "stage.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "act.h"

namespace
{

/* What takes longer is asleep, if it does not run: a kernel that checks itself is slow. */
constexpr int64_t TURN_NS = 10'000'000;
constexpr int64_t BUSY_NS = 3'000'000;
constexpr int64_t END_NS = 100'000'000;
constexpr int64_t RUN_NS = 2'000'000'000;
constexpr unsigned SECONDS_TO_DIE = 120;
constexpr uint8_t LEAVE = 0xff, CLOSE = 0xfe; /* no acts: the actor's last call; see reset() */
constexpr uid_t NOBODY = 65534;

void interrupted(int)
{
}

/* By its state, as the kernel tells it. */
bool runs(pid_t thread)
{
	char path[32], text[256];
	const char *state;
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[size > 0 ? size : 0] = 0;
	/* Behind the name, in which there may be anything. */
	state = strrchr(text, ')');
	return state && state[1] && state[2] == 'R';
}

Call special(uint8_t what)
{
	Call call = {};

	call.act = what;
	return call;
}

} // namespace

Stage::Stage(const Coverage &coverage) : coverage_(coverage)
{
	struct sigaction action = {};
	void *at;

	/* Not SA_RESTART: a sleep is to end with it. */
	action.sa_handler = interrupted;
	sigaction(SIGUSR1, &action, nullptr);
	signal(SIGPIPE, SIG_IGN);
	/* What the actors leave behind is to be waited for as well. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	at = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		  0);
	board_ = new (at) Board();
	for (auto &inbox : board_->inbox)
		if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, inbox))
			inbox[0] = inbox[1] = -1;
}

Stage::~Stage()
{
	for (pid_t pid : board_->pid) {
		if (!pid)
			continue;
		kill(-pid, SIGKILL);
		waitpid(pid, nullptr, 0);
	}
}

void Stage::be_actor(Process *process, unsigned actor) const
{
	Mail &mail = board_->mail[actor];
	const bool first = actor % THREADS == 0;

	mail.thread = gettid();
	coverage_.trace(actor);
	for (uint32_t seen = mail.done.load();; seen++) {
		while (mail.posted.load() == seen)
			board_wait(&mail.posted, seen, -1);
		const Call call = mail.call;
		Input input(call.argument, sizeof(call.argument));

		if (call.act == LEAVE)
			return;
		if (call.act == CLOSE) {
			act_uring_close(*process, input);
			for (unsigned n = 0; first && n < Process::room; n++)
				act_take(*process, input);
			if (first)
				process->reset();
		} else {
			act_at(call.act % acts_count()).act(*process, input);
		}
		mail.done++;
		board_wake(&mail.done);
	}
}

void Stage::be_process(unsigned number) const
{
	static Process process;

	setpgid(0, 0);
	/* Half of them may little. */
	if (number >= PROCESSES / 2 && (setgid(NOBODY) || setuid(NOBODY)))
		_exit(1);
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	process.begin(board_, number);
	std::thread([&] { be_actor(&process, number * THREADS + 1); }).detach();
	be_actor(&process, number * THREADS);
	_exit(0);
}

/* To each of the actors' processes, in the way that they pass theirs to each other. */
void Stage::pass_foreign() const
{
	static Process nobody;
	const uint8_t way[] = { 0 };
	Input open_it(way, sizeof(way));

	nobody.board = board_;
	for (int &fd : nobody.fd)
		fd = -1;
	act_open(nobody, open_it);
	for (uint8_t i = 0; i < PROCESSES; i++) {
		const uint8_t to[] = { 0, i };
		Input pass_it(to, sizeof(to));

		act_pass(nobody, pass_it);
	}
	for (int &fd : nobody.fd) {
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
}

/* Those that the program before left alive will do. */
void Stage::set(const Program &program)
{
	board_->forget();
	for (const Call &call : program.calls) {
		if (board_->pid[call.process()])
			continue;
		for (unsigned i = 0; i < THREADS; i++) {
			Mail &mail = board_->mail[call.process() * THREADS + i];

			mail.done = mail.posted.load();
			mail.thread = 0;
		}
		const pid_t pid = fork();
		if (!pid)
			be_process(call.process());
		if (pid < 0)
			continue;
		setpgid(pid, pid);
		board_->pid[call.process()] = pid;
	}
	if (program.mode & FOREIGN)
		pass_foreign();
}

/* Until the actor has done what is posted; false when it sleeps in it, or is gone. */
bool Stage::await(unsigned actor, int64_t sleep_ns) const
{
	const Mail &mail = board_->mail[actor];
	const pid_t process = board_->pid[actor / THREADS];

	for (int64_t waited_ns = 0; waited_ns < RUN_NS; waited_ns += sleep_ns) {
		const uint32_t done = mail.done.load();

		if (done == mail.posted.load())
			return true;
		board_wait(&mail.done, done, sleep_ns);
		if (mail.done.load() == mail.posted.load())
			return true;
		const pid_t thread = mail.thread.load();
		if (!runs(thread ? thread : process))
			return false;
	}
	return false;
}

/* False when the actor is busy still, or gone, and misses the call. */
bool Stage::tell(unsigned actor, const Call &call, int64_t wait_ns)
{
	Mail &mail = board_->mail[actor];

	if (!board_->pid[actor / THREADS] || !await(actor, BUSY_NS))
		return false;
	mail.call = call;
	mail.posted++;
	board_wake(&mail.posted);
	if (wait_ns)
		await(actor, wait_ns);
	return true;
}

/* The process stays for the next program, if it has nothing left of this one. */
void Stage::close_all(unsigned process)
{
	bool clean = true;

	for (unsigned thread = THREADS; clean && thread > 0; thread--) {
		const unsigned actor = process * THREADS + thread - 1;
		const Mail &mail = board_->mail[actor];

		clean = tell(actor, special(CLOSE), END_NS) && mail.done == mail.posted;
	}
	if (!clean)
		kill(-board_->pid[process], SIGKILL);
}

void Stage::end(const Program &program)
{
	const uint8_t unshare = act_named("unshare");
	bool changed = false;

	for (const Call &call : program.calls)
		changed |= call.act % acts_count() == unshare;
	for (unsigned i = 0; i < PROCESSES; i++) {
		const pid_t pid = board_->pid[i];

		if (!pid)
			continue;
		if (!changed && !(program.mode & END_MASK))
			close_all(i);
		else if (program.mode & KILLED || !tell(i * THREADS, special(LEAVE), END_NS))
			kill(-pid, SIGKILL);
	}
}

/* All who are dead, or dying, are to be gone. */
bool Stage::clear()
{
	for (unsigned ms = 0; ms < SECONDS_TO_DIE * 1000; ms++) {
		bool dying = false;
		pid_t ended;

		while ((ended = waitpid(-1, nullptr, WNOHANG)) > 0) {
			for (pid_t &pid : board_->pid) {
				if (pid != ended)
					continue;
				/* Its children, of which it may be the last to know. */
				kill(-pid, SIGKILL);
				pid = 0;
			}
		}
		for (unsigned i = 0; i < ACTORS; i++) {
			const Mail &mail = board_->mail[i];

			if (board_->pid[i / THREADS] && mail.done != mail.posted) {
				kill(-board_->pid[i / THREADS], SIGKILL);
				dying = true;
			}
		}
		if (!dying)
			return true;
		usleep(1000);
	}
	return false;
}

bool Stage::play(const Program &program)
{
	set(program);
	for (const Call &call : program.calls)
		tell(call.actor % ACTORS, call, program.mode & AT_ONCE ? 0 : TURN_NS);
	end(program);
	return clear();
}
