import CKernels
import DifferentiableTensors
import GroupTheory

/// The kernel by the non-zero coefficients of the coupling, of which there are O(L⁵), or O(L⁴) where one function is symmetric about the
/// axis.
struct SphereSparseKernel<Scalar: TensorScalar>: SphereKernel {
  let work: Int
  private let operation: SphereOperation
  let components: [Int]
  private let used: [Int]
  private let pairs: Int
  /// How many of the pairs stand for x_i y_j ± x_j y_i.
  private let mixed: Int
  private let program: [Int32]
  private let values: [Scalar]

  init(_ operation: SphereOperation, _ degrees: SphereDegrees) {
    let used = degrees.used(in: operation)
    let counts = operation.components(used)
    (self.operation, components, self.used) = (operation, operation.components(degrees), counts)
    let both = operation == .zonalFilter ? 0 : min(counts[0], counts[1])
    // Coefficients by pair (i, j), with i < j where both orders occur.
    var rows: [[(k: Int, value: Double)]] = Array(repeating: [], count: counts[0] * counts[1])
    for l1 in 0...used.first {
      for l2 in 0...used.second {
        for l3 in 0...used.output {
          let factor = operation.factor(l1, l2, l3)
          guard factor != 0 else { continue }
          for entry in CouplingCoefficients.wigner3j(l1, l2, l3).entries {
            let i = l1 * l1 + l1 + entry.m1
            var (j, k) = (l2 * l2 + l2 + entry.m2, l3 * l3 + l3 + entry.m3)
            if i < both && j < both && i > j { continue }
            if operation == .zonalFilter {
              if entry.m2 != 0 { continue }
              j = l2
            }
            if operation == .zonalPart {
              if entry.m3 != 0 { continue }
              k = l3
            }
            rows[i * counts[1] + j].append((k, factor * entry.value))
          }
        }
      }
    }
    func isMixed(_ place: Int) -> Bool {
      let (i, j) = place.quotientAndRemainder(dividingBy: counts[1])
      return i < j && j < both
    }
    let places = rows.indices.filter { !rows[$0].isEmpty }
    let ordered = places.filter(isMixed) + places.filter { !isMixed($0) }
    (pairs, mixed) = (ordered.count, places.count(where: isMixed))
    var program: [Int32] = ordered.flatMap { [Int32($0 / counts[1]), Int32($0 % counts[1])] }
    var columns: [[(pair: Int, value: Double)]] = Array(repeating: [], count: counts[2])
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
    let (n, m) = (used.map(Int32.init), components.map(Int32.init))
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
