/// How the elements of a group act on the values of a type: g · x, with e · x = x and g · (h · x) = (gh) · x.
///
/// Values are tensors, or structs and tuples of tensors, which are acted on field by field. Fields without an action stay as they are:
/// ```swift
/// let action = Action<RigidMotion, ParticleBatch<Double>>
///   .on(\.positions, by: .points).on(\.velocities, by: .vectors).on(\.features, by: .invariant)
/// ```
/// An action that mixes several fields is given by a closure (``init(on:_:)``).
public struct Action<Element, Value> {
  /// The tensors of a value that are compared or differentiated by.
  let fields: [TensorField<Value>]
  private let act: (Element, Value) -> Value

  /// An action given by a closure. For gradients (``measureGradientEquivariance(of:under:input:output:at:elements:special:using:)``) the
  /// closure must consist of differentiable tensor operations.
  ///
  /// - Parameters:
  ///   - fields: the tensors of a value that are measured.
  ///   - act: the function (g, x) ↦ g · x.
  public init(on fields: [TensorField<Value>], _ act: @escaping (_ element: Element, _ value: Value) -> Value) {
    self.fields = fields
    self.act = act
  }

  /// The value g · x.
  public func callAsFunction(_ element: Element, _ value: Value) -> Value { act(element, value) }

  /// An action on one part of a value; the others stay as they are.
  ///
  /// - Parameters:
  ///   - path: the part.
  ///   - action: the action on it.
  ///   - name: the name of the part in reports; nil for the name of the property. Only stored properties have a name at run time; a
  ///     computed one is named by its type.
  public static func on<Part>(
    _ path: WritableKeyPath<Value, Part>, by action: Action<Element, Part>, named name: String? = nil
  ) -> Action {
    let name = name ?? propertyName(path)
    return Action(on: action.fields.map { TensorField(name, path, $0) }) { element, value in
      var result = value
      result[keyPath: path] = action(element, value[keyPath: path])
      return result
    }
  }

  /// This action, followed by an action on another part of the value (see the static function of this name).
  public func on<Part>(
    _ path: WritableKeyPath<Value, Part>, by action: Action<Element, Part>, named name: String? = nil
  ) -> Action {
    let other = Action.on(path, by: action, named: name)
    return Action(on: fields + other.fields) { element, value in other(element, self(element, value)) }
  }

  /// This action as one of another group, by a homomorphism to this group, such as E(3) → O(3), `\.linear`.
  public func along<Other>(_ homomorphism: @escaping (Other) -> Element) -> Action<Other, Value> {
    Action<Other, Value>(on: fields) { element, value in self(homomorphism(element), value) }
  }
}

/// The last component of `\Root.first.last`; nothing for `\.self`; the type in words for a computed property, whose name is not known at run
/// time ("Tensor<Double> of IrrepsTensor<Double>").
private func propertyName(_ path: AnyKeyPath) -> String {
  let types = type(of: path)
  let (root, value) = ("\(types.rootType)", "\(types.valueType)")
  // `\Root`, then `.first.last`; the root may have dots of its own.
  let text = String(describing: path)
  guard text.hasPrefix("\\" + root) else { return "\(value) of \(root)" }
  let components = text.dropFirst(root.count + 1).split(separator: ".")
  guard let last = components.last, last != "self" else { return "" }
  let isName = last.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } && !text.contains("<computed")
  return isName ? String(last) : "\(value) of \(root)"
}
