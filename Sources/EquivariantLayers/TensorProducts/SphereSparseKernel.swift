import CKernels
import DifferentiableTensors
import GroupTheory

/// By the non-zero coefficients of the coupling, O(L⁵) of them.
struct SphereSparseKernel<Scalar: TensorScalar>: SphereKernel {
  let work: Int
  private let operation: SphereOperation
  private let degrees: SphereDegrees
  private let used: SphereDegrees
  private let pairs: Int
  /// How many of the pairs stand for x_i y_j ± x_j y_i.
  private let mixed: Int
  private let program: [Int32]
  private let values: [Scalar]

  init(_ operation: SphereOperation, _ degrees: SphereDegrees) {
    let used = degrees.used(in: operation)
    (self.operation, self.degrees, self.used) = (operation, degrees, used)
    let both = min(used.components[0], used.components[1])
    // Coefficients by pair (i, j), with i < j where both orders occur.
    var rows: [[(k: Int, value: Double)]] = Array(repeating: [], count: used.components[0] * used.components[1])
    for l1 in 0...used.first {
      for l2 in 0...used.second {
        for l3 in 0...used.output {
          let factor = operation.factor(l1, l2, l3)
          guard factor != 0 else { continue }
          for entry in CouplingCoefficients.wigner3j(l1, l2, l3).entries {
            let (i, j) = (l1 * l1 + l1 + entry.m1, l2 * l2 + l2 + entry.m2)
            if i < both && j < both && i > j { continue }
            rows[i * used.components[1] + j].append((l3 * l3 + l3 + entry.m3, factor * entry.value))
          }
        }
      }
    }
    func isMixed(_ place: Int) -> Bool {
      let (i, j) = place.quotientAndRemainder(dividingBy: used.components[1])
      return i < j && j < both
    }
    let places = rows.indices.filter { !rows[$0].isEmpty }
    let ordered = places.filter(isMixed) + places.filter { !isMixed($0) }
    (pairs, mixed) = (ordered.count, places.count(where: isMixed))
    var program: [Int32] = ordered.flatMap { [Int32($0 / used.components[1]), Int32($0 % used.components[1])] }
    var columns: [[(pair: Int, value: Double)]] = Array(repeating: [], count: used.components[2])
    for (pair, place) in ordered.enumerated() { for entry in rows[place] { columns[entry.k].append((pair, entry.value)) } }
    func starts(_ counts: [Int]) -> [Int32] { counts.reduce(into: [0]) { $0.append($0.last! + Int32($1)) } }
    program += starts(ordered.map { rows[$0].count }) + ordered.flatMap { rows[$0].map { Int32($0.k) } }
    program += starts(columns.map(\.count)) + columns.flatMap { $0.map { Int32($0.pair) } }
    self.program = program
    values = ordered.flatMap { rows[$0].map { Scalar($0.value) } } + columns.flatMap { $0.map { Scalar($0.value) } }
    work = values.count + pairs
  }

  func run(
    _ columns: SphereColumns, x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>, g: UnsafePointer<Scalar>?,
    z: UnsafeMutablePointer<Scalar>?, gx: UnsafeMutablePointer<Scalar>?, gy: UnsafeMutablePointer<Scalar>?
  ) {
    var plan = ck_sphere_sparse()
    let (n, m) = (used.components.map(Int32.init), degrees.components.map(Int32.init))
    (plan.used, plan.components) = ((n[0], n[1], n[2]), (m[0], m[1], m[2]))
    (plan.pairs, plan.mixed, plan.nonzeros, plan.sign) = (Int32(pairs), Int32(mixed), Int32(values.count / 2), Int32(operation.sign))
    program.withUnsafeBufferPointer { program in
      values.withUnsafeBytes { values in
        (plan.program, plan.values) = (program.baseAddress, values.baseAddress)
        ck_sphere_sparse_product(
          Scalar.kernelType, &plan, columns.rows, columns.channels, columns.secondChannels, x, y, g, z, gx, gy)
      }
    }
  }
}
