/// What physics demands of every potential, asked of one: whether forces are derivatives, whether energies know nothing of the choice of axes,
/// numbers and images, whether they are smooth.
///
/// ```swift
/// let examination = try PotentialExamination(of: potential)
/// print(examination)
/// ```
public struct PotentialExamination: Sendable, CustomStringConvertible {
  /// A demand.
  public enum Demand: String, Sendable, CaseIterable {
    /// Forces are −∂E/∂x by differences.
    case forces
    /// The virial is −∂E/∂ε by differences, of a molecule and of cells smaller than the cut-off.
    case virial
    /// The energies of atoms add up to the energy.
    case atomEnergies
    /// Forces add up to 0.
    case netForce
    /// So do torques, of a molecule.
    case netTorque
    /// Two distant copies have twice the energy, and the same forces each.
    case distantCopies
    /// So have two cells side by side.
    case supercell
    /// The images of atoms and the vectors of a cell may be chosen.
    case images
    /// Atoms may be numbered in any order.
    case permutations
    /// Energies do not change under rotations, and forces and virials turn, of generic structures, a line, a ring and a crystal.
    case rotations
    /// The same for reflections.
    case reflections
    /// Forces vanish where symmetry says so, on the atoms of a crystal, and are radial on those of a ring.
    case symmetry
    /// An atom alone has a finite energy, and no force and virial.
    case isolatedAtom
    /// Energies do not jump where an atom passes the cut-off.
    case continuousEnergy
    /// Nor do forces.
    case continuousForces
    /// Nor do their derivatives.
    case continuousCurvature
  }
  /// What was found of a demand.
  public struct Finding: Sendable {
    /// The demand.
    public let demand: Demand
    /// The largest error, relative to the largest quantity of its kind.
    public let error: Double
    /// What it may be.
    public let tolerance: Double
    /// Whether the demand is met.
    public var isMet: Bool { error <= tolerance }
  }

  /// What was found, in the order of the demands.
  public private(set) var findings: [Finding] = []
  /// The demands that are not met.
  public var faults: [Finding] { findings.filter { !$0.isMet } }
  /// A line for each demand.
  public var description: String {
    findings.map { "\($0.demand.rawValue): \($0.error)" + ($0.isMet ? "" : ", more than \($0.tolerance)") }.joined(separator: "\n")
  }

  /// Asks a potential.
  ///
  /// - Parameters:
  ///   - potential: the potential.
  ///   - elements: two of its elements, of which the structures are made; the first and the last one where nil.
  ///   - demands: what is asked.
  ///   - rounding: what is allowed where two ways of computing should agree but for rounding; for single precision about 10⁻⁴.
  ///   - differences: what is allowed of derivatives by differences; for single precision about 10⁻².
  ///   - step: the step of differences in Å; for single precision about 10⁻².
  /// - Throws: what the potential throws.
  public init(
    of potential: any InteratomicPotential, elements: (Int, Int)? = nil, demands: [Demand] = Demand.allCases, rounding: Double = 1e-10,
    differences: Double = 1e-6, step: Double = 1e-4
  ) throws {
    let known = potential.elements
    let examiner = try PotentialExaminer(potential, elements: elements ?? (known[0], known[known.count - 1]), step: step)
    for demand in demands {
      let error = try examiner.error(of: demand)
      let tolerance: Double =
        switch demand {
        case .forces, .virial: differences
        // Of the largest curvature within the cut-off.
        case .continuousCurvature: 0.05
        case .continuousForces: max(1e-3, rounding)
        case .continuousEnergy: max(1e-6, rounding)
        default: rounding
        }
      findings.append(Finding(demand: demand, error: error.isNaN ? .infinity : error, tolerance: tolerance))
    }
  }
}
