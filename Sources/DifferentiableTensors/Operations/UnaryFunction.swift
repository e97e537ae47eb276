import CKernels

/// An elementwise function, one of a family that is closed under differentiation: every derivative is again one kernel call.
struct UnaryFunction: Sendable, Equatable {
  enum Family: Sendable { case exp, log, power, sin, cos, silu, sigmoid, tanh, gelu, normalCDF, softplus, relu, abs, clamp }
  let family: Family
  /// How often it has been differentiated.
  var order = 0
  /// The scale and exponent of a power, or the bounds of a clamp.
  var a = 1.0
  var b = 0.0

  init(_ family: Family, a: Double = 1, b: Double = 0) {
    self.family = family
    self.a = a
    self.b = b
  }

  /// f'; nil where it is 0 everywhere.
  var derivative: UnaryFunction? {
    var f = self
    switch family {
    case .log: return UnaryFunction(.power, a: 1, b: -1)
    case .power:
      if a * b == 0 { return nil }
      return UnaryFunction(.power, a: a * b, b: b - 1)
    case .relu, .abs, .clamp: if order == 1 { return nil }
    default: break
    }
    f.order += 1
    return f
  }

  /// Calls `body` with the kernel and its coefficients.
  @inline(__always) func withKernel(_ body: (_ kind: Int32, _ coefficients: UnsafePointer<Double>?, _ count: Int32) -> Void) {
    switch family {
    case .silu where order <= 2: body(Int32(CK_SILU) + Int32(order), nil, 0)
    case .exp: withPair(1, 0) { body(Int32(CK_EXP), $0, 2) }
    case .log: body(Int32(CK_LOG), nil, 0)
    case .power: withPair(a, b) { body(Int32(CK_POWER), $0, 2) }
    case .relu: body(Int32(order == 0 ? CK_RELU : CK_STEP), nil, 0)
    case .abs: body(Int32(order == 0 ? CK_ABS : CK_SIGN), nil, 0)
    case .clamp: withPair(a, b) { body(Int32(order == 0 ? CK_CLAMP : CK_INSIDE), $0, 2) }
    case .sin, .cos:
      // sin, cos, -sin, -cos
      let quarter = (order + (family == .cos ? 1 : 0)) % 4
      withPair(quarter < 2 ? 1 : -1, 0) { body(Int32(quarter % 2 == 0 ? CK_SIN : CK_COS), $0, 1) }
    case .softplus where order == 0: body(Int32(CK_SOFTPLUS), nil, 0)
    default:
      let (kind, c) = polynomials()
      c.withUnsafeBufferPointer { body(kind, $0.baseAddress, Int32(c.count)) }
    }
  }

  private func withPair(_ x: Double, _ y: Double, _ body: (UnsafePointer<Double>) -> Void) {
    var pair = (x, y)
    withUnsafePointer(to: &pair) { $0.withMemoryRebound(to: Double.self, capacity: 2, body) }
  }

  /// The derivatives of the functions that are polynomials in themselves (or times a Gaussian).
  private func polynomials() -> (kind: Int32, coefficients: [Double]) {
    switch family {
    case .sigmoid: return (Int32(CK_SIGMOID_POLY), UnaryFunction.logistic(order))
    case .softplus: return (Int32(CK_SIGMOID_POLY), UnaryFunction.logistic(order - 1))
    case .silu:
      // (x s)^(k) = x s^(k) + k s^(k-1)
      let p = UnaryFunction.logistic(order)
      var q = order == 0 ? [] : UnaryFunction.logistic(order - 1).map { Double(order) * $0 }
      q += [Double](repeating: 0, count: p.count - q.count)
      return (Int32(CK_X_SIGMOID_POLY), p + q)
    case .tanh:
      // d/dx P(t) = P'(t) (1 - t^2)
      var p = [0.0, 1.0]
      for _ in 0..<order {
        var next = [Double](repeating: 0, count: p.count + 1)
        for i in 1..<p.count {
          next[i - 1] += Double(i) * p[i]
          next[i + 1] -= Double(i) * p[i]
        }
        p = next
      }
      return (Int32(CK_TANH_POLY), p)
    case .normalCDF:
      // Phi^(k) = phi (-1)^(k-1) He_(k-1)
      return (Int32(CK_GAUSS), order == 0 ? [1, 0, 0] : [0, 0] + UnaryFunction.gaussian(order - 1))
    case .gelu:
      // (x Phi)^(k) = x Phi^(k) + k Phi^(k-1)
      if order == 0 { return (Int32(CK_GAUSS), [0, 1, 0]) }
      var p = [0.0] + UnaryFunction.gaussian(order - 1)
      if order >= 2 { for (i, c) in UnaryFunction.gaussian(order - 2).enumerated() { p[i] += Double(order) * c } }
      return (Int32(CK_GAUSS), [order == 1 ? 1 : 0, 0] + p)
    default: fatalError("\(family) has kernels of its own")
    }
  }

  /// s^(k) as a polynomial in s = 1 / (1 + exp(-x)): d/dx P(s) = P'(s) (s - s^2).
  static func logistic(_ k: Int) -> [Double] {
    var p = [0.0, 1.0]
    for _ in 0..<k {
      var next = [Double](repeating: 0, count: p.count + 1)
      for i in 1..<p.count {
        next[i] += Double(i) * p[i]
        next[i + 1] -= Double(i) * p[i]
      }
      p = next
    }
    return p
  }
  /// The polynomial factor of the k-th derivative of exp(-x^2/2) / sqrt(2 pi): (-1)^k He_k / sqrt(2 pi).
  static func gaussian(_ k: Int) -> [Double] {
    var p = [0.39894228040143267794]
    for _ in 0..<k {
      // P' - x P
      var next = [Double](repeating: 0, count: p.count + 1)
      for i in p.indices {
        if i > 0 { next[i - 1] += Double(i) * p[i] }
        next[i + 1] -= p[i]
      }
      p = next
    }
    return p
  }
}

extension Tensor {
  /// f(x), or g f(x), outside any graph.
  static func apply(_ f: UnaryFunction, to x: Tensor, times g: Tensor?) -> Tensor {
    let out = Tensor(uninitialized: x.shape)
    nonisolated(unsafe) let (p, q, y) = (x.pointer, g?.pointer, out.pointer)
    let kernelType = Scalar.kernelType
    f.withKernel { kind, c, n in
      nonisolated(unsafe) let c = c
      Threads.split(out.count, grain: 4096) { start, count in
        ck_unary(kernelType, kind, count, p + start, q.map { $0 + start }, y + start, c, n)
      }
    }
    return out
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func map(_ f: UnaryFunction) -> Tensor {
    let out = Tensor.apply(f, to: self, times: nil)
    guard isTracked else { return out }
    return out.recorded(from: node) { _, g, _ in InputGradients(f.derivative.map { Tensor.product(g, $0, of: self) }) }
  }

  /// g f(x), differentiable in both.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  static func product(_ g: Tensor, _ f: UnaryFunction, of x: Tensor) -> Tensor {
    let out = apply(f, to: x, times: g)
    guard x.node != nil || g.node != nil, isRecording else { return out }
    return out.recorded(from: x.node, g.node) { _, h, needed in
      InputGradients(
        needed[0] ? f.derivative.map { product(h * g, $0, of: x) } : nil, needed[1] ? product(h, f, of: x) : nil)
    }
  }

  /// e^x; 0 where that is below the smallest normal number.
  public func exp() -> Tensor { map(UnaryFunction(.exp)) }
  /// The natural logarithm.
  public func log() -> Tensor { map(UnaryFunction(.log)) }
  /// x^p, for a fixed real p.
  public func power(_ p: Scalar) -> Tensor { map(UnaryFunction(.power, a: 1, b: Double(p))) }
  /// x^2
  public func squared() -> Tensor { map(UnaryFunction(.power, a: 1, b: 2)) }
  /// The square root. Its derivative at 0 is infinite: see ``norm(axis:keepingDimensions:)``.
  public func squareRoot() -> Tensor { map(UnaryFunction(.power, a: 1, b: 0.5)) }
  /// sin x
  public func sin() -> Tensor { map(UnaryFunction(.sin)) }
  /// cos x
  public func cos() -> Tensor { map(UnaryFunction(.cos)) }
  /// |x|; its derivative at 0 is 0.
  public func absolute() -> Tensor { map(UnaryFunction(.abs)) }
  /// min(max(x, lower), upper); the derivative is 1 on the bounds.
  public func clamped(_ lower: Scalar, _ upper: Scalar) -> Tensor { map(UnaryFunction(.clamp, a: Double(lower), b: Double(upper))) }
  /// The logistic function 1 / (1 + e^-x).
  public func sigmoid() -> Tensor { map(UnaryFunction(.sigmoid)) }
  /// x / (1 + e^-x) (also called swish).
  public func silu() -> Tensor { map(UnaryFunction(.silu)) }
  /// x Phi(x), where Phi is the distribution function of the normal law: the exact form, with erf.
  public func gelu() -> Tensor { map(UnaryFunction(.gelu)) }
  /// The distribution function of the normal law, (1 + erf(x / sqrt 2)) / 2.
  public func normalCDF() -> Tensor { map(UnaryFunction(.normalCDF)) }
  /// tanh x
  public func tanh() -> Tensor { map(UnaryFunction(.tanh)) }
  /// log(1 + e^x)
  public func softplus() -> Tensor { map(UnaryFunction(.softplus)) }
  /// max(x, 0); its derivative at 0 is 0.
  public func relu() -> Tensor { map(UnaryFunction(.relu)) }
  /// x for x > 0, otherwise e^x - 1; its derivative at 0 is 1.
  public func elu() -> Tensor {
    // min(x, 0) keeps the exponential from overflowing. Its derivative there is 1, that of max(x, 0) is 0.
    func below() -> Tensor { clamped(-.infinity, 0) }
    // Nothing of this is kept for the derivative, e^min(x, 0).
    let value = withoutRecording { relu() + (below().exp() - 1) }
    return .operation([self], value: value) { _, g in [.product(g, UnaryFunction(.exp), of: below())] }
  }
}
