import DifferentiableTensors
import GroupTheory

/// Measures how far f(g · x) is from g · f(x).
///
/// ```swift
/// let report = measureEquivariance(
///   of: model.callAsFunction, under: O3(), input: .vectors, output: .vectors, at: [.normal([10, 3], using: &generator)], using: &generator)
/// #expect(report.relativeError < 1e-12, "\(report)")
/// ```
/// - Parameters:
///   - map: the map f.
///   - group: the group of the elements g, which are drawn by `Group.randomElement(using:)`, from the Haar measure if the group is compact.
///   - input: how g acts on x.
///   - output: how g acts on f(x).
///   - inputs: the values of x, at least one.
///   - count: the number of random elements. Each is tried at every input.
///   - special: elements that are tried before the random ones, such as ``SpecialElements/specialElements``.
///   - generator: the source of the random elements.
/// - Returns: absolute and relative errors, and the place of the worst one. A value that is not finite counts as an infinite error.
public func measureEquivariance<G: Group, Input, Output>(
  of map: (Input) -> Output, under group: G, input: Action<G.Element, Input>, output: Action<G.Element, Output>, at inputs: [Input],
  elements count: Int = 100, special: [G.Element] = [], using generator: inout some RandomNumberGenerator
) -> EquivarianceReport {
  let elements = special + group.randomElements(count, using: &generator)
  var record = ErrorRecord(names: output.fields.map(\.name), descriptions: elements.map { describe($0) }, inputs: inputs.count)
  for (i, x) in inputs.enumerated() {
    let y = map(x)
    for (j, g) in elements.enumerated() {
      let received = map(input(g, x))
      let expected = output(g, y)
      for (k, field) in output.fields.enumerated() {
        record.note(field.read(received), field.read(expected), input: i, output: k, element: j)
      }
    }
  }
  return record.report
}

/// Measures how far the derivatives of an equivariant map are from being equivariant. Both sides of f(g · x) = g · f(x) are weighted by
/// random numbers u, summed, and differentiated with respect to x:
///
/// ∇ₓ Σ u f(g · x) = ∇ₓ Σ u (g · f(x)).
///
/// By the chain rule, this says that vector-Jacobian products transform as they must, for any action, orthogonal or not. For an invariant
/// energy it says that forces rotate with the points. The outputs of the report are the gradients with respect to the tensors of the input.
///
/// - Parameters: as for ``measureEquivariance(of:under:input:output:at:elements:special:using:)``; all tensors that the actions name must
///   have the same element type.
public func measureGradientEquivariance<G: Group, Input, Output>(
  of map: (Input) -> Output, under group: G, input: Action<G.Element, Input>, output: Action<G.Element, Output>, at inputs: [Input],
  elements count: Int = 100, special: [G.Element] = [], using generator: inout some RandomNumberGenerator
) -> EquivarianceReport {
  let elements = special + group.randomElements(count, using: &generator)
  var record = ErrorRecord(
    names: input.fields.map { $0.name.isEmpty ? "gradient" : "gradient by \($0.name)" }, descriptions: elements.map { describe($0) },
    inputs: inputs.count)
  var source = RandomSource(seed: generator.next())

  /// Σ u y and its gradient; the element type comes from `example`.
  func gradients<T: TensorValue>(
    like example: T, weights: [Tensor<Double>]?, at x: Input, _ body: (Input) -> Output
  ) -> (weights: [Tensor<Double>], gradients: [any TensorValue]) {
    var tracked = x
    let variables = input.fields.map { field in
      let variable = same(as: example, field.read(x)).asVariable()
      field.write(&tracked, variable)
      return variable
    }
    let y = body(tracked)
    let results = output.fields.map { same(as: example, $0.read(y)) }
    let weights = weights ?? results.map { Tensor<Double>.normal($0.shape, using: &source) }
    let sum = zip(results, weights).map { ($0 * $1.converted(to: T.Scalar.self)).sum() }.reduce(Tensor(0)) { $0 + $1 }
    return (weights, gradient(of: sum, withRespectTo: variables))
  }

  for (i, x) in inputs.enumerated() {
    for (j, g) in elements.enumerated() {
      let example = input.fields[0].read(x)
      let expected = gradients(like: example, weights: nil, at: x) { output(g, map($0)) }
      let received = gradients(like: example, weights: expected.weights, at: x) { map(input(g, $0)) }
      for k in input.fields.indices {
        record.note(received.gradients[k], expected.gradients[k], input: i, output: k, element: j)
      }
    }
  }
  return record.report
}

private func same<T: TensorValue>(as example: T, _ value: any TensorValue) -> Tensor<T.Scalar> {
  guard let tensor = value as? Tensor<T.Scalar> else {
    fatalError("tensors of one element type are expected, \(T.Scalar.self), received a \(type(of: value))")
  }
  return tensor
}
