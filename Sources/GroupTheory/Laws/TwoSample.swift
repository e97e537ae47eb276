import RealModule

/// √(nm/(n+m)) times the largest difference of two empirical distribution functions (Kolmogorov-Smirnov). For equal laws it exceeds c
/// with a probability of at most about 2 exp(−2c²); ties only lower it. It is NaN if a value is.
func kolmogorovSmirnov(_ first: [Double], _ second: [Double]) -> Double {
  if (first + second).contains(where: \.isNaN) { return .nan }
  let (a, b) = (first.sorted(), second.sorted())
  var (i, j) = (0, 0)
  var worst = 0.0
  while i < a.count && j < b.count {
    let value = min(a[i], b[j])
    // Values that differ by rounding are one value, so that atoms of a law are compared as such.
    let limit = value + 1e-9 * max(1, value.magnitude)
    while i < a.count && a[i] <= limit { i += 1 }
    while j < b.count && b[j] <= limit { j += 1 }
    worst = max(worst, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
  }
  return worst * Double.sqrt(Double(a.count * b.count) / Double(a.count + b.count))
}

/// How many standard deviations Pearson's χ² of these counts is above its mean when all cells are equally likely (the normal approximation
/// of Wilson and Hilferty, 1931).
func uniformityExcess(_ counts: [Int]) -> Double {
  guard counts.count > 1 else { return 0 }
  let expected = Double(counts.reduce(0, +)) / Double(counts.count)
  let chiSquared = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  let width = 2 / (9 * Double(counts.count - 1))
  return (Double.root(chiSquared / Double(counts.count - 1), 3) - (1 - width)) / Double.sqrt(width)
}
