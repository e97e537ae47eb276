import CKernels
import Requirements

extension Tensor {
  /// a + b, with broadcasting.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let out = elementwise(CK_ADD, a, b)
    guard a.node != nil || b.node != nil, isRecording else { return out }
    let (sa, sb) = (a.shape, b.shape)
    return out.recorded(from: a.node, b.node) { _, g, needed in
      InputGradients(needed[0] ? g.summed(to: sa) : nil, needed[1] ? g.summed(to: sb) : nil)
    }
  }
  /// a - b, with broadcasting.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let out = elementwise(CK_SUB, a, b)
    guard a.node != nil || b.node != nil, isRecording else { return out }
    let (sa, sb) = (a.shape, b.shape)
    return out.recorded(from: a.node, b.node) { _, g, needed in
      InputGradients(needed[0] ? g.summed(to: sa) : nil, needed[1] ? (-g).summed(to: sb) : nil)
    }
  }
  /// a b, elementwise with broadcasting.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let out = elementwise(CK_MUL, a, b)
    guard a.node != nil || b.node != nil, isRecording else { return out }
    return out.recorded(from: a.node, b.node) { _, g, needed in
      InputGradients(needed[0] ? productSummed(g, b, to: a.shape) : nil, needed[1] ? productSummed(g, a, to: b.shape) : nil)
    }
  }
  /// a / b, elementwise with broadcasting.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let out = elementwise(CK_DIV, a, b)
    guard a.node != nil || b.node != nil, isRecording else { return out }
    return out.recorded(from: a.node, b.node) { _, g, needed in
      let h = g / b
      return InputGradients(
        needed[0] ? h.summed(to: a.shape) : nil, needed[1] ? (-(h * a / b)).summed(to: b.shape) : nil)
    }
  }

  /// alpha x + beta.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func affine(_ alpha: Scalar, _ beta: Scalar) -> Tensor {
    let out = Tensor(uninitialized: shape)
    nonisolated(unsafe) let (x, y) = (pointer, out.pointer)
    Threads.split(count, grain: 16384) { start, n in
      ck_affine(Scalar.kernelType, n, x + start, Double(alpha), Double(beta), y + start)
    }
    guard isTracked else { return out }
    return out.recorded(from: node) { _, g, _ in InputGradients(alpha == 1 ? g : g.affine(alpha, 0)) }
  }
  /// -x
  public static prefix func - (x: Tensor) -> Tensor { x.affine(-1, 0) }
  /// x + c
  public static func + (x: Tensor, c: Scalar) -> Tensor { x.affine(1, c) }
  /// c + x
  public static func + (c: Scalar, x: Tensor) -> Tensor { x.affine(1, c) }
  /// x - c
  public static func - (x: Tensor, c: Scalar) -> Tensor { x.affine(1, -c) }
  /// c - x
  public static func - (c: Scalar, x: Tensor) -> Tensor { x.affine(-1, c) }
  /// c x
  public static func * (x: Tensor, c: Scalar) -> Tensor { x.affine(c, 0) }
  /// c x
  public static func * (c: Scalar, x: Tensor) -> Tensor { x.affine(c, 0) }
  /// x / c
  public static func / (x: Tensor, c: Scalar) -> Tensor { x / Tensor(c) }
  /// c / x
  public static func / (c: Scalar, x: Tensor) -> Tensor { x.power(-1) * c }
  /// a += b, by making a new tensor.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// a -= b, by making a new tensor.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// a *= b, by making a new tensor.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }

  /// (a b) summed to a shape: the derivative of a product with broadcasting. The common case of one factor per row needs no intermediate
  /// tensor.
  static func productSummed(_ a: Tensor, _ b: Tensor, to target: Shape) -> Tensor {
    if a.shape == b.shape && a.shape != target && target.rank == a.rank && target[-1] == 1 && target.elementCount * a.shape[-1] == a.count {
      return rowDot(a, b)
    }
    return (a * b).summed(to: target)
  }

  /// Scalar products of the innermost rows: [..., n] and [..., n] to [..., 1].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func rowDot(_ a: Tensor, _ b: Tensor) -> Tensor {
    require(a.shape == b.shape && a.rank > 0, "two tensors of one shape are expected, received \(a.shape) and \(b.shape)")
    var shape = a.shape
    let n = shape[-1]
    shape[-1] = 1
    let out = Tensor(uninitialized: shape)
    nonisolated(unsafe) let (p, q, y) = (a.pointer, b.pointer, out.pointer)
    Threads.split(out.count, grain: Swift.max(1, 16384 / Swift.max(1, n))) { start, rows in
      ck_row_dot(Scalar.kernelType, rows, n, p + start &* n, q + start &* n, y + start)
    }
    guard a.node != nil || b.node != nil, isRecording else { return out }
    return out.recorded(from: a.node, b.node) { _, g, needed in
      InputGradients(needed[0] ? b * g : nil, needed[1] ? a * g : nil)
    }
  }

  /// The elementwise larger one; where they are equal, each gets half the gradient.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { extremum(CK_MAX, a, b) { $0 .> $1 } }
  /// The elementwise smaller one; where they are equal, each gets half the gradient.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { extremum(CK_MIN, a, b) { $0 .< $1 } }

  private static func extremum(_ op: Int, _ a: Tensor, _ b: Tensor, _ wins: @escaping (Tensor, Tensor) -> Tensor) -> Tensor {
    let out = elementwise(op, a, b)
    guard a.node != nil || b.node != nil, isRecording else { return out }
    let (x, y) = (a.detached, b.detached)
    return out.recorded(from: a.node, b.node) { _, g, needed in
      let left = wins(x, y) + (x .== y) * 0.5
      return InputGradients(
        needed[0] ? (g * left).summed(to: x.shape) : nil, needed[1] ? (g * (1 - left)).summed(to: y.shape) : nil)
    }
  }
}

infix operator .> : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence

/// Comparisons give 1 where they hold and 0 elsewhere, with broadcasting. They have no derivative.
extension Tensor {
  /// a > b
  public static func .> (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_GT, a, b) }
  /// a >= b
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_GE, a, b) }
  /// a < b
  public static func .< (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_LT, a, b) }
  /// a <= b
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_LE, a, b) }
  /// a == b
  public static func .== (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_EQ, a, b) }
  /// a != b
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_NE, a, b) }
  /// x > c
  public static func .> (x: Tensor, c: Scalar) -> Tensor { x .> Tensor(c) }
  /// x < c
  public static func .< (x: Tensor, c: Scalar) -> Tensor { x .< Tensor(c) }

  /// `a` where `mask` is not 0, and `b` elsewhere; all have one shape. The branch that is not taken gets a gradient of exactly 0.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func select(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    require(
      mask.shape == a.shape && a.shape == b.shape, "three tensors of one shape are expected, received \(mask.shape), \(a.shape), \(b.shape)"
    )
    let out = Tensor(uninitialized: a.shape)
    nonisolated(unsafe) let (choice, p, q, y) = (mask.pointer, a.pointer, b.pointer, out.pointer)
    Threads.split(out.count, grain: 8192) { start, n in
      ck_select(Scalar.kernelType, n, choice + start, p + start, q + start, y + start)
    }
    guard a.node != nil || b.node != nil, isRecording else { return out }
    let m = mask.detached
    return out.recorded(from: a.node, b.node) { _, g, needed in
      let zero = Tensor.zeros(m.shape)
      return InputGradients(needed[0] ? select(m, g, zero) : nil, needed[1] ? select(m, zero, g) : nil)
    }
  }
}
