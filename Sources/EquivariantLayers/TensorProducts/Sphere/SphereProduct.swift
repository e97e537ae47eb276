import CKernels
import DifferentiableTensors
import GroupTheory
import Requirements

/// A bilinear map of functions on the sphere, given by their coefficients in harmonics of component normalisation, which are orthonormal
/// under the mean over the sphere.
enum SphereOperation: Sendable {
  /// f g: the Gaunt product, symmetric.
  case product
  /// r̂ · (∇f × ∇g): the Poisson bracket of the sphere, antisymmetric; a polynomial of one degree less than the product.
  case bracket
  /// f g where g is symmetric about the polar axis: y has only the components m = 0, one for each degree.
  case zonalFilter
  /// The components m = 0 of f g, one for each degree.
  case zonalPart

  /// B(y, x) / B(x, y).
  var sign: Int { self == .bracket ? -1 : 1 }

  /// The number of components of each function.
  func components(_ degrees: SphereDegrees) -> [Int] {
    let all = degrees.all.map { ($0 + 1) * ($0 + 1) }
    switch self {
    case .product, .bracket: return all
    case .zonalFilter: return [all[0], degrees.second + 1, all[2]]
    case .zonalPart: return [all[0], all[1], degrees.output + 1]
    }
  }

  /// The factor of e3nn's 3j coefficient: √((2l₁+1)(2l₂+1)(2l₃+1)) times |(l₁ l₂ l₃; 0 0 0)|, or times
  /// √(l₁(l₁+1) l₂(l₂+1)) |(l₁ l₂ l₃; 1 −1 0)|.
  ///
  /// The first is 0 for odd l₁+l₂+l₃. The second is 0 for even ones, and never for odd ones with l₁, l₂ ≥ 1.
  func factor(_ l1: Int, _ l2: Int, _ l3: Int) -> Double {
    guard l3 >= abs(l1 - l2) && l3 <= l1 + l2 && (l1 + l2 + l3).isMultiple(of: 2) == (self != .bracket) else { return 0 }
    let scale = Double((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1)).squareRoot()
    if self != .bracket { return scale * abs(Wigner3j(l1, l2, l3, 0, 0, 0).value) }
    guard l1 > 0 && l2 > 0 && l3 > 0 else { return 0 }
    return scale * Double(l1 * (l1 + 1) * l2 * (l2 + 1)).squareRoot() * abs(Wigner3j(l1, l2, l3, 1, -1, 0).value)
  }
}

/// The degrees of the two operands and of the result.
struct SphereDegrees: Hashable, Sendable {
  var first: Int
  var second: Int
  var output: Int

  /// The degrees without components that no product reaches.
  func used(in operation: SphereOperation) -> SphereDegrees {
    let less = operation == .bracket ? 1 : 0
    return SphereDegrees(
      first: max(0, min(first, second + output - less)), second: max(0, min(second, first + output - less)),
      output: max(0, min(output, first + second - less)))
  }

  var all: [Int] { [first, second, output] }
}

/// The memory of one call: x [rows, ·, channels], y [rows, ·, channels or 1], and the result or its gradient.
struct SphereColumns {
  let rows: Int
  let channels: Int
  let secondChannels: Int
}

/// A way to compute one ``SphereOperation`` for given degrees.
protocol SphereKernel<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar
  /// The numbers of components of x, y and z in memory.
  var components: [Int] { get }
  /// Roughly the number of multiplications for one column.
  var work: Int { get }
  /// Computes z where it is not nil, otherwise the gradients by x and y of Σ g z.
  func run(
    _ columns: SphereColumns, x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>, g: UnsafePointer<Scalar>?,
    z: UnsafeMutablePointer<Scalar>?, gx: UnsafeMutablePointer<Scalar>?, gy: UnsafeMutablePointer<Scalar>?)
}

extension SphereKernel {
  /// Cuts the rows into pieces for the threads.
  private func each(_ columns: SphereColumns, _ body: @Sendable (_ start: Int, _ part: SphereColumns) -> Void) {
    let grain = max(1, (1 << 17) / max(1, work * columns.channels))
    // In pairs of rows, so that cuts are at multiples of 32 rows: there the blocks of columns start anew whose functions share a transform,
    // and with it their roundings.
    Threads.split((columns.rows + 1) / 2, grain: grain) { start, count in
      let rows = min(2 &* count, columns.rows &- 2 &* start)
      body(2 &* start, SphereColumns(rows: rows, channels: columns.channels, secondChannels: columns.secondChannels))
    }
  }

  func forward(_ columns: SphereColumns, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, shape: Shape) -> Tensor<Scalar> {
    let z = Tensor<Scalar>(uninitialized: shape)
    if z.count == 0 { return z }
    let n = components
    nonisolated(unsafe) let (px, py, pz) = (x.pointer, y.pointer, z.pointer)
    each(columns) { start, part in
      run(
        part, x: px + start &* n[0] &* part.channels, y: py + start &* n[1] &* part.secondChannels, g: nil,
        z: pz + start &* n[2] &* part.channels, gx: nil, gy: nil)
    }
    return z
  }

  /// Computes the gradients by x and y; nil where one is not wanted.
  func backward(
    _ columns: SphereColumns, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ g: Tensor<Scalar>, wanted: (Bool, Bool)
  ) -> [Tensor<Scalar>?] {
    if g.count == 0 { return [wanted.0 ? .zeros(x.shape) : nil, wanted.1 ? .zeros(y.shape) : nil] }
    let gx = wanted.0 ? Tensor<Scalar>(uninitialized: x.shape) : nil
    // One channel that served several collects a sum.
    let sums = columns.channels != columns.secondChannels
    let gy = !wanted.1 ? nil : sums ? Tensor<Scalar>.zeros(y.shape) : Tensor<Scalar>(uninitialized: y.shape)
    let n = components
    nonisolated(unsafe) let (px, py, pg, pgx, pgy) = (x.pointer, y.pointer, g.pointer, gx?.pointer, gy?.pointer)
    each(columns) { start, part in
      let (first, second) = (start &* n[0] &* part.channels, start &* n[1] &* part.secondChannels)
      run(
        part, x: px + first, y: py + second, g: pg + start &* n[2] &* part.channels, z: nil, gx: pgx.map { $0 + first },
        gy: pgy.map { $0 + second })
    }
    return [gx, gy]
  }
}

extension Array {
  /// The memory of three tables.
  func withPointers<Scalar>(_ body: ((UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?)) -> Void) where Element == [Scalar] {
    self[0].withUnsafeBytes { a in
      self[1].withUnsafeBytes { b in
        self[2].withUnsafeBytes { c in body((a.baseAddress, b.baseAddress, c.baseAddress)) }
      }
    }
  }
}

extension Tensor {
  /// The coefficients [..., (L₃+1)², channels] of a bilinear map of functions with coefficients x [..., (L₁+1)², channels] and
  /// y [..., (L₂+1)², channels or 1]; there are L₂+1 or L₃+1 components where only m = 0 is meant.
  ///
  /// It is one operation with a derivative of its own. The mean over the sphere of the map times a third function does not change under
  /// cyclic exchange of the three, so that the gradients are such maps again: gx = B(y, g), gy = B(g, x).
  static func sphereOperation(
    _ operation: SphereOperation, _ x: Tensor, _ y: Tensor, degrees: SphereDegrees, method: GauntMethod, table: GauntMethodTable
  ) -> Tensor {
    let n = operation.components(degrees)
    let (channels, secondChannels) = (x.shape[-1], y.shape[-1])
    let outer = x.shape.dimensions.dropLast(2)
    require(
      x.rank >= 2 && y.rank == x.rank && x.shape[-2] == n[0] && y.shape[-2] == n[1] && y.shape.dimensions.dropLast(2) == outer
        && (secondChannels == channels || secondChannels == 1),
      "expected coefficients [..., \(n[0]), channels] and [..., \(n[1]), channels or 1], received \(x.shape) and \(y.shape)")
    let kernel = SphereKernels.kernel(operation, degrees, table.method(method, operation, degrees, Scalar.self), Scalar.self)
    let columns = SphereColumns(rows: outer.reduce(1, *), channels: channels, secondChannels: secondChannels)
    let value = kernel.forward(columns, x, y, shape: Shape(outer + [n[2], channels]))
    return .operation([x, y], value: value) { _, g in
      if !isRecording { return kernel.backward(columns, x, y, g, wanted: (x.requiresGradient, y.requiresGradient)) }
      func map(_ operation: SphereOperation, _ a: Tensor, _ b: Tensor, _ l1: Int, _ l2: Int, _ l3: Int) -> Tensor {
        let degrees = SphereDegrees(first: l1, second: l2, output: l3)
        return sphereOperation(operation, a, b, degrees: degrees, method: method, table: table)
      }
      let (l1, l2, l3) = (degrees.first, degrees.second, degrees.output)
      let gx: Tensor
      var gy: Tensor
      switch operation {
      case .product: (gx, gy) = (map(.product, g, y, l3, l2, l1), map(.product, g, x, l3, l1, l2))
      case .bracket: (gx, gy) = (-map(.bracket, g, y, l3, l2, l1), map(.bracket, g, x, l3, l1, l2))
      case .zonalFilter: (gx, gy) = (map(.zonalFilter, g, y, l3, l2, l1), map(.zonalPart, g, x, l3, l1, l2))
      case .zonalPart: (gx, gy) = (map(.zonalFilter, y, g, l2, l3, l1), map(.zonalFilter, x, g, l1, l3, l2))
      }
      if secondChannels != channels { gy = gy.sum(axis: -1, keepingDimensions: true) }
      return [gx, gy]
    }
  }
}
