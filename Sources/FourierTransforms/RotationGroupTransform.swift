import CKernels
import DifferentiableTensors
import GroupTheory
import RealModule
import Requirements

/// A product grid on SO(3): R = R_y(α) R_x(β) R_y(γ) with equispaced α and γ and Gauss-Legendre nodes in cos β.
public struct RotationGroupGrid: Sendable {
  /// The nodes in cos β, and their weights.
  public let latitudes: GaussLegendre
  /// The number of angles α, and of angles γ.
  public let turns: Int

  /// A grid of turns × latitudes × turns rotations.
  public init(latitudes: Int, turns: Int) {
    require(latitudes >= 1 && turns >= 1, "at least one latitude and one turn are expected, received \(latitudes) and \(turns)")
    self.latitudes = GaussLegendre(count: latitudes)
    self.turns = turns
  }

  /// The smallest grid from which signals of the given degree are recovered.
  public init(degree: Int) { self.init(latitudes: degree + 1, turns: 2 * degree + 1) }

  /// The rotations, in the order of signals: α slowest, γ fastest.
  public var rotations: [Rotation3] {
    let angles = (0..<turns).map { 2 * .pi * Double($0) / Double(turns) }
    return angles.flatMap { alpha in
      latitudes.angles.flatMap { beta in angles.map { Rotation3(alpha: alpha, beta: beta, gamma: $0) } }
    }
  }
}

/// The transform between the coefficients of signals on SO(3), f(R) = Σ √(2l + 1) c^l_mn D^l_mn(R) for l ≤ L, and their values on a
/// ``RotationGroupGrid``.
///
/// The Wigner matrices are real; the functions √(2l + 1) D^l_mn are orthonormal for the Haar measure of mass 1. Coefficients are the
/// matrices cˡ degree by degree, row by row: Σ (2l + 1)² numbers. The transform is linear, differentiable to any order, and costs O(L⁴) per
/// signal.
public struct RotationGroupTransform<Scalar: TensorScalar>: Sendable {
  /// The largest degree L.
  public let degree: Int
  /// The grid.
  public let grid: RotationGroupGrid
  private let azimuth: AzimuthalTransform<Scalar>
  /// For orders m, n (signed, at (m + L)(2L + 1) + n + L) the factors of c_mn and, behind them, of c_{−m,−n} in the polar angle,
  /// [latitudes, 2 (L + 1 − max(|m|, |n|))]; then the same times the weights of the grid.
  private let tables: [[Scalar]], weighted: [[Scalar]]

  /// A transform of signals up to a degree, on the smallest grid unless another is given.
  public init(degree: Int, grid: RotationGroupGrid? = nil, method: AzimuthalMethod = .automatic) {
    require(degree >= 0, "a degree of at least 0 is expected, received \(degree)")
    let grid = grid ?? RotationGroupGrid(degree: degree)
    require(
      grid.latitudes.weights.count >= degree + 1,
      "at least \(degree + 1) latitudes are expected for signals of degree \(degree), received \(grid.latitudes.weights.count)")
    self.degree = degree
    self.grid = grid
    azimuth = AzimuthalTransform(degree: degree, angles: grid.turns, method: method)
    let matrices = grid.latitudes.angles.map { WignerD.real(degrees: 0...degree, of: Rotation3(alpha: 0, beta: $0, gamma: 0)) }
    var (tables, weighted): ([[Scalar]], [[Scalar]]) = ([], [])
    for m in -degree...degree {
      for n in -degree...degree {
        // D(R_x(β)) couples cosines to cosines and sines to sines. With D = Z(α) D(β) Z(γ), Z the rotations of (cos, sin) pairs, what
        // multiplies e_m(α) e_n(γ) is ±c_mn times the one and ±c_{−m,−n} times the other.
        let degrees = max(abs(m), abs(n))...degree
        var plain: [Double] = []
        for d in matrices {
          for l in degrees { plain.append((n < 0 ? -1 : 1) * Double(2 * l + 1).squareRoot() * d[l][l + abs(m), l + abs(n)]) }
          for l in degrees {
            let sines = m == 0 || n == 0 ? 0 : d[l][l - abs(m), l - abs(n)]
            plain.append((m < 0 ? -1 : 1) * Double(2 * l + 1).squareRoot() * sines)
          }
        }
        let width = 2 * degrees.count
        tables.append(plain.map { Scalar($0) })
        weighted.append(
          plain.enumerated().map { Scalar($1 * grid.latitudes.weights[$0 / width] / 2 / Double(grid.turns * grid.turns)) })
      }
    }
    (self.tables, self.weighted) = (tables, weighted)
  }

  /// The number of coefficients, Σ (2l + 1)² = (L + 1)(2L + 1)(2L + 3)/3.
  public var coefficientCount: Int { offset(degree + 1) }

  /// The place of c^l_mn among the coefficients.
  public func index(degree l: Int, _ m: Int, _ n: Int) -> Int {
    require(
      l >= 0 && l <= degree && m.magnitude <= l && n.magnitude <= l,
      "a degree in 0...\(degree) and two orders of it are expected, received (\(l), \(m), \(n))")
    return offset(l) + (l + m) * (2 * l + 1) + l + n
  }

  private func offset(_ l: Int) -> Int { l * (2 * l - 1) * (2 * l + 1) / 3 }

  /// The values on the grid of the signals of given coefficients: [..., count] to [..., α, β, γ].
  public func synthesis(_ coefficients: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> {
    evaluate(coefficients, axis, weighting: false)
  }

  /// The coefficients ∫ f √(2l + 1) D^l_mn dR up to degree L of signals on the grid, by quadrature: [..., α, β, γ] to [..., count]; the
  /// inverse of ``synthesis(_:axis:)`` on signals of degree L.
  public func analysis(_ signal: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> { project(signal, axis, weighting: true) }

  /// The transpose of ``synthesis(_:axis:)``.
  public func adjointSynthesis(_ signal: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> { project(signal, axis, weighting: false) }

  /// The transpose of ``analysis(_:axis:)``.
  public func adjointAnalysis(_ coefficients: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> {
    evaluate(coefficients, axis, weighting: true)
  }
}

extension RotationGroupTransform {
  private var latitudes: Int { grid.latitudes.weights.count }
  private var work: Int { grid.turns * latitudes * (azimuth.orders + grid.turns) }
  private var gridOrder: RowOrder { RowOrder(groups: grid.turns, slow: grid.turns, fast: latitudes) }
  private var gridShape: [Int] { [grid.turns, latitudes, grid.turns] }

  private func evaluate(_ c: Tensor<Scalar>, _ axis: Int, weighting: Bool) -> Tensor<Scalar> {
    let place = axis < 0 ? axis + c.rank : axis
    require(
      place >= 0 && place < c.rank && c.shape[place] == coefficientCount,
      "\(coefficientCount) coefficients on axis \(axis) are expected, received \(c.shape)")
    let (outer, inner) = (c.shape.dimensions.prefix(place), c.shape.dimensions.dropFirst(place + 1))
    let value = transformColumns(
      c, inner: inner.reduce(1, *), from: RowOrder(slow: coefficientCount), to: gridOrder, shape: Shape(outer + gridShape + inner),
      workPerColumn: work
    ) { n, c, f in
      let plane = latitudes &* n
      let orders = Tensor<Scalar>(uninitialized: [azimuth.orders, azimuth.orders * plane])
      let half = Tensor<Scalar>(uninitialized: [grid.turns, azimuth.orders * plane])
      eachPair(n, weighting) { pair, table, count, rows, places in
        for (i, k) in places.enumerated() { copyRow(c + k &* n, rows + i &* n, n) }
        ck_gemm(Scalar.kernelType, 0, 0, latitudes, n, count, table, count, rows, n, 0, nil, orders.pointer + pair &* plane, n)
      }
      azimuth.synthesize(orders.pointer, azimuth.orders &* plane, half.pointer)
      for j in 0..<grid.turns {
        azimuth.synthesize(half.pointer + j &* azimuth.orders &* plane, plane, f + j &* grid.turns &* plane)
      }
      withExtendedLifetime((orders, half)) {}
    }
    return .operation([c], value: value) { _, g in [project(g, place - c.rank, weighting: weighting)] }
  }

  private func project(_ f: Tensor<Scalar>, _ axis: Int, weighting: Bool) -> Tensor<Scalar> {
    let place = axis < 0 ? axis + f.rank : axis
    require(
      place >= 2 && place < f.rank && Array(f.shape.dimensions[(place - 2)...place]) == gridShape,
      "a grid of \(gridShape) up to axis \(axis) is expected, received \(f.shape)")
    let (outer, inner) = (f.shape.dimensions.prefix(place - 2), f.shape.dimensions.dropFirst(place + 1))
    let value = transformColumns(
      f, inner: inner.reduce(1, *), from: gridOrder, to: RowOrder(slow: coefficientCount), shape: Shape(outer + [coefficientCount] + inner),
      workPerColumn: work
    ) { n, f, c in
      let plane = latitudes &* n
      let orders = Tensor<Scalar>(uninitialized: [azimuth.orders, azimuth.orders * plane])
      let half = Tensor<Scalar>(uninitialized: [grid.turns, azimuth.orders * plane])
      for j in 0..<grid.turns {
        azimuth.project(f + j &* grid.turns &* plane, plane, half.pointer + j &* azimuth.orders &* plane)
      }
      azimuth.project(half.pointer, azimuth.orders &* plane, orders.pointer)
      ck_fill(Scalar.kernelType, coefficientCount &* n, 0, c)
      eachPair(n, weighting) { pair, table, count, rows, places in
        ck_gemm(Scalar.kernelType, 1, 0, count, n, latitudes, table, count, orders.pointer + pair &* plane, n, 0, nil, rows, n)
        for (i, k) in places.enumerated() { ck_accumulate(Scalar.kernelType, n, rows + i &* n, c + k &* n) }
      }
      withExtendedLifetime((orders, half)) {}
    }
    return .operation([f], value: value) { _, g in [evaluate(g, place - f.rank, weighting: weighting)] }
  }

  /// Calls `body` for each pair of orders with its place, its table [latitudes, count], memory for `count` rows of n, and the places among
  /// the coefficients of these rows.
  private func eachPair(
    _ n: Int, _ weighting: Bool,
    _ body: (_ pair: Int, _ table: UnsafePointer<Scalar>, _ count: Int, _ rows: UnsafeMutablePointer<Scalar>, _ places: [Int]) -> Void
  ) {
    let rows = Tensor<Scalar>(uninitialized: [2 * (degree + 1), n])
    for m in -degree...degree {
      for k in -degree...degree {
        let pair = (m + degree) * azimuth.orders + k + degree
        let degrees = max(abs(m), abs(k))...degree
        let places = degrees.map { index(degree: $0, m, k) } + degrees.map { index(degree: $0, -m, -k) }
        (weighting ? weighted : tables)[pair].withUnsafeBufferPointer { body(pair, $0.baseAddress!, places.count, rows.pointer, places) }
      }
    }
    withExtendedLifetime(rows) {}
  }
}
