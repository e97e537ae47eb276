import CKernels
import DifferentiableTensors
import GroupTheory
import RealModule

/// One path of two functions on the sphere, to the component of order 0 at `place` of the result.
struct SpherePath: Sendable {
  let degrees: SphereDegrees
  let place: Int

  /// The operation on two functions of the degrees of the operands that holds the path: the product for an even sum of degrees, and the
  /// bracket for an odd one.
  var operation: SphereOperation { degrees.all.reduce(0, +).isMultiple(of: 2) ? .product : .bracket }
}

/// The kernel of all paths apart, by one product and one bracket on the sphere for each pair of degrees. It takes O(L⁴ log L) for the
/// fields and the Fourier transforms about the axis, and O(L⁵) with a small factor for the Legendre sums, and is exact except for rounding.
struct SpherePathsKernel<Scalar: TensorScalar>: SphereKernel {
  let work: Int
  let components: [Int]
  private let degrees: [Int]
  private let grids: [Grid]
  private let integers: [Int32]
  private let numbers: [Scalar]
  private let places: [Int32]
  private let scales: [Scalar]

  /// Where the tables of a grid are, whose pointers `plan` gets with each call.
  private struct Grid: @unchecked Sendable {
    var plan = ck_sphere_path_grid()
    var radix = 0, pair = 0, start = 0, twiddles = 0, polar = 0, analysis = 0
  }

  /// - Parameter paths: the paths, with those of one pair of degrees next to each other and their degrees ascending without a gap.
  init(degrees: (first: Int, second: Int), paths: [SpherePath], components: Int) {
    self.degrees = [degrees.first, degrees.second]
    self.components = self.degrees.map { ($0 + 1) * ($0 + 1) } + [components]
    places = paths.map { Int32($0.place) }
    scales = paths.map { path in
      let l = path.degrees
      return Scalar(Double(2 * l.output + 1).squareRoot() / path.operation.factor(l.first, l.second, l.output))
    }
    var pairs: [Pair] = []
    for (number, path) in paths.enumerated() {
      let l = path.degrees
      if let last = pairs.last, (last.first, last.second) == (l.first, l.second) {
        pairs[pairs.count - 1].high = l.output
      } else {
        pairs.append(Pair(first: l.first, second: l.second, low: l.output, high: l.output, path: number))
      }
    }
    var (integers, numbers, grids, work): ([Int32], [Scalar], [Grid], Int) = ([], [], [], 0)
    var rest = pairs
    // Smaller grids for lower degrees: each costs fields of its own.
    while let degree = rest.map(\.degree).max() {
      let members = rest.filter { 8 * $0.degree > 5 * degree || degree == 0 }
      rest.removeAll { 8 * $0.degree > 5 * degree || degree == 0 }
      grids.append(Self.grid(degree, members, &integers, &numbers))
      let plan = grids.last!.plan
      let sums = members.reduce(0) { $0 + $1.sums }
      work += Int(plan.nodes) * (sums + Int(plan.points) * (20 * members.count + 60 * Int(plan.degree + 1 - plan.lowest)))
    }
    // The kernel reads four numbers at a time.
    numbers += [0, 0, 0]
    (self.integers, self.numbers, self.grids, self.work) = (integers, numbers, grids, work)
  }

  private struct Pair {
    let first: Int, second: Int, low: Int
    var high: Int
    let path: Int
    /// The degree of the integrals.
    var degree: Int { first + second + high }
    /// The number of components of the results.
    var sums: Int { (high + 1) * (high + 1) - low * low }
  }

  private static func grid(_ degree: Int, _ pairs: [Pair], _ integers: inout [Int32], _ numbers: inout [Scalar]) -> Grid {
    // Exact for polynomials of degree 2n − 1.
    let rule = GaussLegendre(count: degree / 2 + 1)
    let (nodes, points) = ((rule.weights.count + 1) / 2, SphereTorusKernel<Scalar>.smooth(degree + 1))
    let operands = pairs.flatMap { [$0.first, $0.second] }
    let (top, order) = (operands.max()!, pairs.map(\.high).max()!)
    var grid = Grid()
    (grid.plan.nodes, grid.plan.points, grid.plan.pairs) = (Int32(nodes), Int32(points), Int32(pairs.count))
    (grid.plan.lowest, grid.plan.degree, grid.plan.order) = (Int32(operands.min()!), Int32(top), Int32(order))

    grid.radix = integers.count
    grid.twiddles = numbers.count
    var left = points
    while left > 1 {
      let radix = [4, 2, 3, 5].first { left.isMultiple(of: $0) }!
      integers.append(Int32(radix))
      for p in 0..<left / radix {
        for k in 1..<radix {
          let angle = -2 * Double.pi * Double(p * k) / Double(left)
          numbers += [Scalar(Double.cos(angle)), Scalar(Double.sin(angle))]
        }
      }
      left /= radix
    }
    grid.plan.passes = Int32(integers.count - grid.radix)
    grid.pair = integers.count
    for pair in pairs { integers += [pair.first, pair.second, pair.low, pair.high, pair.path].map { Int32($0) } }
    grid.start = integers.count
    integers += (0...order).map { Int32($0 * (order + 1) - $0 * ($0 - 1) / 2) }

    let harmonics = HarmonicTable(degree: max(top, order), normalization: .component)
    let polar = (0..<nodes).map { Legendre.orthonormal(harmonics, cosine: rule.cosines[$0], sine: rule.sines[$0]) }
    func half(_ m: Int) -> Double { m == 0 ? 1 : 0.5 }
    grid.polar = numbers.count
    for l in 0...top {
      for k in 0..<nodes {
        for m in 0...l {
          let value = polar[k][l * (l + 1) / 2 + m]
          let slope = Legendre.slope(l, m) { polar[k][l * (l + 1) / 2 + $0] }
          numbers += [value, slope, Double(m) * value / rule.sines[k]].map { Scalar(half(m) * $0) }
        }
      }
    }
    grid.analysis = numbers.count
    for m in 0...order {
      for l in m...order {
        numbers += (0..<nodes).map { k in
          // The southern node adds as much; the equator has none.
          let weight = rule.weights[k] / (2 * k + 1 == rule.weights.count ? 2 : 1)
          return Scalar(half(m) * weight * polar[k][l * (l + 1) / 2 + m] / Double(points))
        }
      }
    }
    return grid
  }

  func run(
    _ columns: SphereColumns, x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>, g: UnsafePointer<Scalar>?,
    z: UnsafeMutablePointer<Scalar>?, gx: UnsafeMutablePointer<Scalar>?, gy: UnsafeMutablePointer<Scalar>?
  ) {
    let (l, n) = (degrees.map(Int32.init), components.map(Int32.init))
    integers.withUnsafeBufferPointer { integers in
      numbers.withUnsafeBufferPointer { numbers in
        let filled = grids.map { grid in
          var plan = grid.plan
          func integer(_ place: Int) -> UnsafePointer<Int32> { integers.baseAddress! + place }
          func number(_ place: Int) -> UnsafeRawPointer { UnsafeRawPointer(numbers.baseAddress! + place) }
          (plan.radix, plan.pair, plan.start) = (integer(grid.radix), integer(grid.pair), integer(grid.start))
          (plan.twiddles, plan.polar, plan.analysis) = (number(grid.twiddles), number(grid.polar), number(grid.analysis))
          return plan
        }
        var plan = ck_sphere_paths()
        (plan.degree, plan.components, plan.grids) = ((l[0], l[1]), (n[0], n[1], n[2]), Int32(filled.count))
        filled.withUnsafeBufferPointer { filled in
          places.withUnsafeBufferPointer { places in
            scales.withUnsafeBytes { scales in
              (plan.grid, plan.place, plan.scales) = (filled.baseAddress, places.baseAddress, scales.baseAddress)
              ck_sphere_paths_product(
                Scalar.kernelType, &plan, columns.rows, columns.channels, columns.secondChannels, x, y, g, z, gx, gy)
            }
          }
        }
      }
    }
  }
}
