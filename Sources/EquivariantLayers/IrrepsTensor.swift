import DifferentiableTensors
import GroupTheory
import Requirements

/// Features that transform under O(3) as a list of irreps: a flat tensor [..., irreps.dimension] and the list.
///
/// The innermost axis holds the terms one after the other. Each term holds the components −l ... l with the channels innermost, [2l+1,
/// multiplicity].
/// ```swift
/// let x = IrrepsTensor<Float>(.normal([100, 22], using: &generator), irreps: "4x0e + 6x1o")
/// let vectors = x[term: 1]      // [100, 3, 6]
/// ```
public struct IrrepsTensor<Scalar: TensorScalar>: Sendable {
  /// The irreps by which the innermost axis transforms.
  public let irreps: Irreps<O3>
  /// The flat tensor, [..., irreps.dimension]. A new value must have the same innermost size.
  public var tensor: Tensor<Scalar> { didSet { check() } }

  /// Features from a flat tensor [..., irreps.dimension].
  public init(_ tensor: Tensor<Scalar>, irreps: Irreps<O3>) {
    (self.tensor, self.irreps) = (tensor, irreps)
    check()
  }

  /// Features from one tensor [..., 2l+1, multiplicity] for each term, all with the same outer axes. If there is no term, `outerShape`
  /// gives these axes.
  public init(parts: [Tensor<Scalar>], irreps: Irreps<O3>, outerShape: [Int] = []) {
    require(
      parts.count == irreps.terms.count,
      "expected one part for each of the \(irreps.terms.count) terms of \(irreps), received \(parts.count)")
    let flat = zip(parts, irreps.terms).map { part, term in
      require(
        part.rank >= 2 && part.shape[-2] == term.irrep.dimension && part.shape[-1] == term.multiplicity,
        "expected a part [..., \(term.irrep.dimension), \(term.multiplicity)] for \(term), received \(part.shape)")
      return part.reshaped(to: Shape(part.shape.dimensions.dropLast(2) + [term.dimension]))
    }
    self.init(.joined(flat, outerShape: outerShape), irreps: irreps)
  }

  /// The sizes of the axes outside of the irreps.
  public var outerShape: [Int] { tensor.shape.dimensions.dropLast() }

  /// The part of one term: [..., 2l+1, multiplicity].
  public subscript(term i: Int) -> Tensor<Scalar> {
    let term = irreps.terms[i]
    return tensor.sliced(axis: -1, irreps.slices[i]).reshaped(to: Shape(outerShape + [term.irrep.dimension, term.multiplicity]))
  }

  /// The parts of all terms.
  public var parts: [Tensor<Scalar>] { irreps.terms.indices.map { self[term: $0] } }

  /// The direct sum, which has the terms of all tensors one after the other.
  public static func concatenated(_ all: [IrrepsTensor]) -> IrrepsTensor {
    IrrepsTensor(.concatenated(all.map(\.tensor)), irreps: all.reduce(Irreps([])) { $0 + $1.irreps })
  }

  /// The sum of two tensors of the same irreps.
  public static func + (a: IrrepsTensor, b: IrrepsTensor) -> IrrepsTensor {
    b.check(irreps: a.irreps)
    return IrrepsTensor(a.tensor + b.tensor, irreps: a.irreps)
  }

  /// The Euclidean norm of every irrep, [..., irreps.irrepCount], in the order of terms and channels. The derivative at a zero vector is
  /// zero.
  public var norms: Tensor<Scalar> { .joined(parts.map { $0.norm(axis: -2) }, outerShape: outerShape) }

  private func check() {
    require(
      tensor.rank >= 1 && tensor.shape[-1] == irreps.dimension,
      "expected a tensor [..., \(irreps.dimension)] for \(irreps), received \(tensor.shape)")
  }

  /// Traps unless the irreps are the expected ones, term by term, for another grouping has another order in memory.
  func check(irreps expected: Irreps<O3>) {
    require(irreps == expected, "expected features of \(expected), received \(irreps)")
  }
}

extension IrrepsTensor {
  /// Features from a flat tensor in e3nn's order of memory, [multiplicity, 2l+1] for each term.
  public init(e3nn tensor: Tensor<Scalar>, irreps: Irreps<O3>) {
    let theirs = IrrepsTensor(tensor, irreps: irreps)
    self.init(
      parts: zip(irreps.terms, irreps.slices).map { term, slice in
        theirs.tensor.sliced(axis: -1, slice).reshaped(to: Shape(theirs.outerShape + [term.multiplicity, term.irrep.dimension]))
          .transposed()
      }, irreps: irreps, outerShape: theirs.outerShape)
  }

  /// The flat tensor in e3nn's order of memory, [multiplicity, 2l+1] for each term.
  public var e3nn: Tensor<Scalar> {
    .joined(
      zip(parts, irreps.terms).map { $0.transposed().reshaped(to: Shape(outerShape + [$1.dimension])) }, outerShape: outerShape)
  }
}

extension Tensor {
  /// Parts [..., n] of terms one after the other along the innermost axis; [outer shape, 0] where there is no term.
  static func joined(_ parts: [Tensor], outerShape: [Int]) -> Tensor {
    parts.isEmpty ? .zeros(Shape(outerShape + [0])) : .concatenated(parts)
  }
}
