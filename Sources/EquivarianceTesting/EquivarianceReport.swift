import GroupTheory

/// How far a map is from being equivariant: the errors of f(g · x) = g · f(x) over a number of elements g and inputs x, as a value.
///
/// Relative errors are relative to the scale of an output at an input: the largest magnitude of any of its elements on either side, over
/// all group elements tried. A side that is not finite counts as an infinite error.
public struct EquivarianceReport: Sendable, Equatable {
  /// The errors of one output tensor.
  public struct Output: Sendable, Equatable {
    /// The name of the tensor; empty if the value of the map is a single tensor.
    public let name: String
    /// The largest difference of corresponding elements.
    public let absoluteError: Double
    /// The largest difference, relative to the scale at the same input.
    public let relativeError: Double
    /// The largest magnitude of an element.
    public let scale: Double
  }

  /// Where the relative error was largest.
  public struct Worst: Sendable, Equatable {
    /// The number of the input, from 0.
    public let input: Int
    /// The number of the group element, from 0: special elements first, random ones after them.
    public let element: Int
    /// The group element in words.
    public let elementDescription: String
    /// The name of the output tensor.
    public let output: String
    /// The indices of the element of the output tensor.
    public let position: [Int]
    /// The element of g · f(x) there.
    public let expected: Double
    /// The element of f(g · x) there.
    public let received: Double
  }

  /// The errors of each output tensor.
  public let outputs: [Output]
  /// Where the relative error was largest.
  public let worst: Worst
  /// The number of inputs.
  public let inputCount: Int
  /// The number of group elements, each of which was tried at every input.
  public let elementCount: Int

  /// The number of comparisons of f(g · x) with g · f(x).
  public var trials: Int { inputCount * elementCount }
  /// The largest absolute error over all outputs.
  public var absoluteError: Double { outputs.reduce(0) { max($0, $1.absoluteError) } }
  /// The largest relative error over all outputs.
  public var relativeError: Double { outputs.reduce(0) { max($0, $1.relativeError) } }
  /// The errors of the output with this name; traps if there is none.
  public subscript(output name: String) -> Output {
    guard let found = outputs.first(where: { $0.name == name }) else {
      fatalError("an output of \(outputs.map(\.name)) is expected, received \"\(name)\"")
    }
    return found
  }
}

extension EquivarianceReport: CustomStringConvertible {
  /// A paragraph with the errors, the number of trials, the place of the worst error, and the errors by output if there are several.
  public var description: String {
    let place = worst.output + "[" + worst.position.map(String.init).joined(separator: ", ") + "]"
    var text = "relative error \(short(relativeError)) (absolute \(short(absoluteError))) in \(trials) trials"
    text += " (elements: \(elementCount), inputs: \(inputCount)); the worst is \(place) at input \(worst.input) under element"
    text += " \(worst.element), \(worst.elementDescription): expected \(worst.expected), received \(worst.received)"
    if outputs.count > 1 {
      text += "; by output: " + outputs.map { "\($0.name) \(short($0.relativeError)) (scale \(short($0.scale)))" }.joined(separator: ", ")
    }
    return text
  }
}
