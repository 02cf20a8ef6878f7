# SPDX-License-Identifier: MIT
# Called by plot, which sets type and results and says what files are there.
set datafile separator ","
set encoding utf8
if (type eq "svg") {
	set terminal svg size 1080,600 dynamic noenhanced font "sans-serif,14" background "white"
} else {
	set terminal pngcairo size 1080,600 noenhanced font "sans,11" background "white"
}
set border 3 lc rgb "#606060"
set tics nomirror textcolor rgb "#303030"
set grid back lc rgb "#e4e4e4" lt 1 lw 1

count = int(system("wc -l <'".results."/peers'"))
peer(i) = system(sprintf("sed -n %dp '%s/peers'", i, results))

# Okabe and Ito's colours, which the colour-blind can tell apart. Blue is ours.
array colour[6] = ["#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#505050"]
array name[count]
array paint[count]
array dash[count]
array width[count]
set dashtype 11 1
set dashtype 12 (9,3,2,3)
set dashtype 13 (7,3)
set dashtype 14 (4,2,1,2)
array met[2] = [0, 0]
do for [i=1:count] {
	name[i] = peer(i)
	# Who sleeps is dashed.
	sleeps = strstrt(name[i], "blocking") > 0
	ours = name[i][1:4] eq "msgq"
	n = met[1 + sleeps]
	if (!ours) {
		met[1 + sleeps] = n + 1
	}
	paint[i] = ours ? "#0072b2" : colour[1 + n % 6]
	dash[i] = 11 + (2 * sleeps + (ours || n < 6 ? 0 : 1))
	width[i] = ours ? 4 : 2
}

set output results."/latency.".type
set title "One way, 8 bytes: the part of the messages that takes longer" \
	textcolor rgb "#303030"
set logscale xy
set xrange [80:*]
set yrange [1e-4:1]
set xlabel "time, half of a round trip"
set ylabel "part that takes longer"
set xtics ("100 ns" 100, "1 µs" 1e3, "10 µs" 1e4, "100 µs" 1e5, "1 ms" 1e6, "10 ms" 1e7)
set mxtics 10
set ytics ("all" 1, "half" 0.5, "1 in 10" 0.1, "1 in 100" 1e-2, "1 in 1000" 1e-3, \
	"1 in 10 000" 1e-4)
set key outside right center reverse Left maxcols 1 width -6 samplen 2.2 spacing 1.1 font ",12" noautotitle
plot for [i=1:count] sprintf("%s/latency-%d.csv", results, i) using 2:1 with lines \
	lw width[i] dt dash[i] lc rgb paint[i] title name[i]

set output results."/throughput.".type
unset logscale
unset grid
unset mxtics
set grid x back lc rgb "#e4e4e4" lt 1 lw 1
set title "Streams of 56 bytes" textcolor rgb "#303030"
set xlabel "million messages a second"
unset ylabel
set border 1
set xrange [0:*]
set xtics autofreq
set yrange [count + 0.6:0.4]
set ytics scale 0 ()
bar(i) = system(sprintf("sed -n %dp '%s/bars'", i, results))
set for [i=1:count] ytics add (bar(i) i)
set offsets 0, graph 0.08, 0, 0
set key above right horizontal noreverse Right samplen 1.5 noautotitle
set style fill solid 1 noborder
# Bars lie: boxxyerror takes x, y, xlow, xhigh, ylow, yhigh.
plot results."/bars.csv" using ($2/2):1:(0):2:($1-0.38):($1-0.02) with boxxyerror \
		lc rgb "#0072b2" title "one sender", \
	"" using ($3/2):1:(0):3:($1+0.02):($1+0.38) with boxxyerror \
		lc rgb "#e69f00" title "two senders on one CPU", \
	"" using 2:($1-0.2):(sprintf(" %.3g", $2)) with labels left font ",11" tc rgb "#303030", \
	"" using 3:($1+0.2):(sprintf(" %.3g", $3)) with labels left font ",11" tc rgb "#303030"
