// SPDX-License-Identifier: MIT
#include "top_screen.h"

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace
{

const char enter[] = "\033[?1049h\033[?25l\033[H\033[2J";
const char give_back[] = "\033[m\033[?25h\033[?1049l";

termios before;
volatile sig_atomic_t entered;
volatile sig_atomic_t signalled, resized;
sigset_t as_it_was;

const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

/* Called by signal handlers, too. */
void put(const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(STDOUT_FILENO, text, length);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			length -= static_cast<size_t>(n);
		}
	}
}

void take_terminal()
{
	termios raw = before;

	raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	put(enter, sizeof(enter) - 1);
	entered = 1;
}

void give_terminal_back()
{
	if (!entered)
		return;
	entered = 0;
	put(give_back, sizeof(give_back) - 1);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}

void on_signal(int number)
{
	signalled = number;
}

void on_resize(int)
{
	resized = 1;
}

/* SA_RESETHAND: the fault comes again, and ends the process as it would have. */
void on_fault(int number)
{
	give_terminal_back();
	raise(number);
}

/* The shell gets the terminal as it was, for as long as it has it. */
void on_stop(int)
{
	int error = errno;
	sigset_t stop;

	give_terminal_back();
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, nullptr);
	/* Here it is continued. */
	signal(SIGTSTP, on_stop);
	take_terminal();
	resized = 1;
	errno = error;
}

void handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {};

	action.sa_handler = handler;
	action.sa_flags = flags;
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, nullptr);
}

} // namespace

TopScreen::TopScreen()
{
	sigset_t blocked;

	tcgetattr(STDIN_FILENO, &before);
	sigemptyset(&blocked);
	for (int number : ending) {
		sigaddset(&blocked, number);
		handle(number, on_signal, 0);
	}
	sigaddset(&blocked, SIGWINCH);
	handle(SIGWINCH, on_resize, 0);
	sigaddset(&blocked, SIGTSTP);
	handle(SIGTSTP, on_stop, 0);
	for (int number : fatal)
		handle(number, on_fault, static_cast<int>(SA_RESETHAND));
	/* They come while it waits, and at no other time. */
	sigprocmask(SIG_BLOCK, &blocked, &as_it_was);
	atexit(give_terminal_back);
	take_terminal();
}

TopScreen::~TopScreen()
{
	leave();
	sigprocmask(SIG_SETMASK, &as_it_was, nullptr);
}

void TopScreen::leave() const
{
	give_terminal_back();
}

Look TopScreen::look() const
{
	winsize size;
	Look look;

	look.color = may_color();
	look.utf8 = locale_is_utf8();
	look.height = 24;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col && size.ws_row) {
		look.width = size.ws_col;
		look.height = size.ws_row;
	}
	return look;
}

void TopScreen::show(const std::vector<std::string> &lines) const
{
	std::string text = "\033[H";

	for (size_t i = 0; i < lines.size(); i++)
		text += (i ? "\r\n" : "") + lines[i] + "\033[K";
	text += "\033[J";
	put(text.data(), text.size());
}

TopScreen::Why TopScreen::wait(double seconds, int &which) const
{
	timespec timeout;
	pollfd input = { STDIN_FILENO, POLLIN, 0 };
	char key;

	timeout.tv_sec = static_cast<time_t>(seconds);
	timeout.tv_nsec = static_cast<long>((seconds - static_cast<double>(timeout.tv_sec)) * 1e9);
	int ready = ppoll(&input, 1, &timeout, &as_it_was);

	if (signalled) {
		which = signalled;
		return Why::Signal;
	}
	if (resized) {
		resized = 0;
		return Why::Resized;
	}
	if (ready > 0) {
		/* A terminal that is gone is as good as its signal. */
		if (read(STDIN_FILENO, &key, 1) != 1) {
			which = SIGHUP;
			return Why::Signal;
		}
		which = static_cast<unsigned char>(key);
		return Why::Key;
	}
	return Why::Time;
}

bool locale_is_utf8()
{
	setlocale(LC_CTYPE, "");
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

bool may_color()
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}
