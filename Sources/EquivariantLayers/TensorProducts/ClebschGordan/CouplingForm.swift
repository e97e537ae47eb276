import CKernels
import DifferentiableTensors
import GroupTheory

/// A sparse multilinear form Σ factor C[i, j, k] w x_i y_j z_k over rows of x, y, z and weights w, as the kernels read it.
///
/// Every product of irreps is the derivative of such a form with respect to z, and its own derivatives are those with respect to the
/// others, so that one kernel serves all orders of differentiation. See `Coupling` for how it is applied.
final class CouplingForm<Scalar: TensorScalar>: Sendable {
  /// How two factors with channels meet.
  enum Kind {
    /// Channel by channel.
    case elementwise
    /// All channels of x with one number of y.
    case scalarSecond
    /// All channels of y with one number of x.
    case scalarFirst
  }
  /// A part of a row: the place of component 0, and the step from component to component.
  struct Place: Hashable {
    var start: Int
    var step: Int
  }
  struct Path {
    /// C; its three axes are those of x, y and z.
    var coefficients: CouplingCoefficients
    var kind: Kind
    var channels: Int
    var x: Place
    var y: Place
    var z: Place
    /// The place of its first weight; there is one for each channel.
    var weight: Int?
    var factor: Double
  }

  /// The numbers of elements of a row of x, y, z and w.
  let widths: [Int]
  /// The pairs of a multiplication and an addition that one row needs forward.
  let multiplyAdds: Int
  /// The paths with weights alone, where there are also others, since only these are linear in the weights.
  let weighted: CouplingForm?
  /// Whether any path has weights, and whether every weight belongs to a path.
  let usesWeights: Bool
  let usesAllWeights: Bool
  private let paths: [ck_coupling_path]
  private let groups: [ck_coupling_group]
  private let table: [Int32]
  private let values: [Scalar]
  private let exclusive: Bool
  private let largest: (Int32, Int32, Int32, Int32)

  init(widths: [Int], _ paths: [Path]) {
    self.widths = widths
    // Paths of the same two factors with channels go together.
    var members: [[Path]] = []
    var numbers: [GroupKey: Int] = [:]
    for path in paths {
      let key = GroupKey(x: path.x, y: path.y, channels: path.channels)
      if path.kind == .elementwise, let number = numbers[key] {
        members[number].append(path)
      } else {
        if path.kind == .elementwise { numbers[key] = members.count }
        members.append([path])
      }
    }
    var lists = CouplingLists<Scalar>()
    var kernelPaths: [ck_coupling_path] = []
    groups = members.map { group in
      let swapped = group[0].kind == .scalarFirst
      let (a, b) = swapped ? (group[0].y, group[0].x) : (group[0].x, group[0].y)
      var result = lists.lists(of: group.map(\.coefficients), elementwise: group[0].kind == .elementwise, swapped: swapped)
      (result.path, result.paths) = (Int32(kernelPaths.count), Int32(group.count))
      (result.channels, result.a, result.a_step) = (Int32(group[0].channels), Int32(a.start), Int32(a.step))
      (result.b, result.b_step) = (Int32(b.start), Int32(b.step))
      kernelPaths += group.map { path in
        ck_coupling_path(
          z: Int32(path.z.start), z_step: Int32(path.z.step), components: Int32(2 * path.coefficients.degrees.z + 1),
          w: path.weight.map { Int32($0) } ?? -1, factor: path.factor)
      }
      return result
    }
    (self.paths, table, values) = (kernelPaths, lists.table, lists.values)
    var covered = [Bool](repeating: false, count: widths[2])
    var overlaps = false
    for path in paths {
      for k in 0...2 * path.coefficients.degrees.z {
        for element in path.z.start + k * path.z.step..<path.z.start + k * path.z.step + path.channels {
          if covered[element] { overlaps = true }
          covered[element] = true
        }
      }
    }
    exclusive = !overlaps && !covered.contains(false)
    multiplyAdds = zip(members, groups).reduce(0) { sum, group in
      let entries = group.0.reduce(0) { $0 + $1.coefficients.entries.count + ($1.weight == nil ? 0 : 2 * $1.coefficients.degrees.z + 1) }
      let coefficients = Int(group.1.coefficients)
      return group.1.elementwise == 1
        ? sum + group.0[0].channels * (entries + Int(group.1.a_components * group.1.b_components))
        : sum + group.0[0].channels * (coefficients + 2 * group.0[0].coefficients.degrees.z + 1) + entries
    }
    let withWeights = paths.filter { $0.weight != nil }
    weighted = withWeights.count == paths.count ? nil : CouplingForm(widths: widths, withWeights)
    let used = withWeights.reduce(0) { $0 + $1.channels }
    (usesWeights, usesAllWeights) = (used > 0, used == widths[3])
    let components = members.map { $0.reduce(0) { $0 + 2 * $1.coefficients.degrees.z + 1 } }
    largest = (
      groups.map(\.coefficients).max() ?? 0, Int32(components.max() ?? 0), groups.map(\.paths).max() ?? 0,
      groups.map(\.b_components).max() ?? 0
    )
  }

  private struct GroupKey: Hashable {
    var x: Place
    var y: Place
    var channels: Int
  }

  /// The form for the kernels.
  func withKernelForm(_ body: (UnsafePointer<ck_coupling_form>) -> Void) {
    paths.withUnsafeBufferPointer { paths in
      groups.withUnsafeBufferPointer { groups in
        table.withUnsafeBufferPointer { table in
          values.withUnsafeBufferPointer { values in
            var form = ck_coupling_form(
              groups: Int32(groups.count), group: groups.baseAddress, path: paths.baseAddress, table: table.baseAddress,
              values: values.baseAddress, width: (Int32(widths[0]), Int32(widths[1]), Int32(widths[2]), Int32(widths[3])),
              coefficients: groups.reduce(0) { $0 + $1.coefficients }, exclusive: exclusive ? 1 : 0, largest: largest)
            body(&form)
          }
        }
      }
    }
  }
}
