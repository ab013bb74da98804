# The peers of package trial/lottery, each on the values of trial_values.csv:
# seconds of the fastest run, and the p-value, so that the answers can be
# compared as well. What is not installed prints nothing.
args <- commandArgs(trailingOnly = TRUE)
d <- read.csv(args[1])
fastest <- function(f, times) {
  best <- Inf
  for (i in seq_len(times)) {
    t <- system.time(for (k in 1:50) p <- f(), gcFirst = FALSE)[["elapsed"]] / 50
    best <- min(best, t)
  }
  c(best, p)
}
say <- function(name, r) cat(sprintf("%s %.9f %.9g\n", name, r[1], r[2]))
x <- d$value[1:10]; y <- d$value[11:20]
if (suppressWarnings(suppressPackageStartupMessages(require(exactRankTests, quietly = TRUE)))) {
  say("exact10v10 exactRankTests", fastest(function() perm.test(x, y, alternative = "greater", exact = TRUE)$p.value, 6))
}
if (suppressWarnings(suppressPackageStartupMessages(require(coin, quietly = TRUE)))) {
  two <- data.frame(v = c(x, y), g = factor(rep(c("a", "b"), each = 10)))
  say("exact10v10 coin", fastest(function() as.numeric(pvalue(oneway_test(v ~ g, two, distribution = exact(), alternative = "greater"))), 4))
  d$g <- factor(ifelse(d$home == 1, "a", "b"), levels = c("a", "b")); d$w <- factor(d$week)
  say("weeks8 coin", fastest(function() as.numeric(pvalue(oneway_test(value ~ g | w, d, distribution = exact(), alternative = "greater"))), 4))
}
