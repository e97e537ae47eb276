import AtomicStructures
import CKernels
import DifferentiableTensors
import MessagePassing
import NeuralModules
import Requirements
import Synchronization

/// A trained potential made ready to run: energies, forces and virials without derivatives by a graph of operations.
///
/// ```swift
/// let potential = try CompiledPotential(PotentialFile.load("sevennet-0.safetensors"))
/// let water = try potential.predict(structure)
/// ```
/// It is made in milliseconds: the radial networks become tables of piecewise polynomials (``tableError`` says how far they are off), linear maps
/// that follow each other one map, and polynomials of features one walk through their monomials. Messages are never stored, and the way back is
/// written by hand. Atoms are worked on in blocks that depend on their number alone: results are the same bits on any number of threads.
///
/// The differentiable model stays what is trained, and what this is tested against.
public final class CompiledPotential: InteratomicPotential {
  /// The precision of features; positions, sums of energies and forces are in double precision.
  public enum Precision: String, Sendable, CaseIterable {
    /// `Float`: about twice as fast, and within 10⁻⁶ of the differentiable model.
    case single
    /// `Double`.
    case double
  }

  /// The atomic numbers of the elements that it knows.
  public let elements: [Int]
  /// The distance in Å beyond which atoms do not see each other directly.
  public let cutoff: Double
  /// The precision of features.
  public let precision: Precision
  /// The largest error of the tabulated radial networks and of their derivatives, each relative to the largest value of its kind.
  public let tableError: Double
  private let species: [Int: Int]
  private let plan: any PotentialPlan

  /// Compiles a model.
  ///
  /// - Parameters:
  ///   - model: a ``NequIP`` or a ``MACE``.
  ///   - precision: of the features.
  /// - Throws: ``CompilationError`` for a model that has no plan.
  public init(_ model: any EnergyModel<Double>, precision: Precision = .single) throws {
    (elements, cutoff, self.precision) = (model.elements, model.cutoff, precision)
    species = Dictionary(uniqueKeysWithValues: model.elements.enumerated().map { ($1, $0) })
    switch precision {
    case .single: plan = try CompiledPlan<Float>(model, degree: 5, tolerance: 2e-7)
    case .double: plan = try CompiledPlan<Double>(model, degree: 9, tolerance: 1e-10)
    }
    tableError = plan.tableError
  }

  /// Energy, forces and virial of a structure; from several threads at once where asked so.
  ///
  /// - Throws: ``PotentialError`` for an atom of an unknown element, where there is no atom and where an energy or a force is not finite; what
  ///   `NeighborList` says of positions and cells.
  public func predict(_ structure: AtomicStructure) throws -> PotentialPrediction {
    let result = try plan.predict(structure, species: structure.species(among: species))
    for (atom, force) in result.forces.enumerated() where !(result.atomEnergies[atom] + force.sum()).isFinite {
      throw PotentialError(
        .notFinite, atom: atom, cause: "the energy or the force of the atom is beyond what \(precision) precision holds",
        cure: "move atoms apart that are nearer than in any matter; where none are, the weights of the potential are damaged")
    }
    return result
  }
}

extension PotentialFile {
  /// The potential of a file, ready to run: compiled where there is a plan of the model, and the differentiable model itself elsewhere.
  ///
  /// - Throws: what ``load(_:)`` throws.
  public static func potential(_ path: String, precision: CompiledPotential.Precision = .single) throws -> any InteratomicPotential {
    let model = try load(path)
    do {
      return try CompiledPotential(model, precision: precision)
    } catch is CompilationError {
      // The same as ``differentiablePotential(_:precision:)``, of what has been read.
      return precision == .double ? DifferentiablePotential(model) : DifferentiablePotential(model.converted(to: Float.self))
    }
  }

  /// The differentiable model of a file as a potential: exact, and slower.
  public static func differentiablePotential(
    _ path: String, precision: CompiledPotential.Precision = .double
  ) throws -> any InteratomicPotential {
    switch precision {
    case .single: DifferentiablePotential(try load(path, as: Float.self))
    case .double: DifferentiablePotential(try load(path))
    }
  }
}

extension CompiledPotential {
  /// The multiply-adds of one evaluation, there and back: of the atoms and of the edges of a structure.
  package func multiplyAdds(atoms: Int, edges: Int) -> Int {
    let (atom, edge) = plan.multiplyAdds
    return atoms * atom + edges * edge
  }
}

/// What a compiled potential needs of its plan, whatever the precision.
protocol PotentialPlan: Sendable {
  var tableError: Double { get }
  /// Multiply-adds of an atom and of an edge, there and back.
  var multiplyAdds: (atom: Int, edge: Int) { get }
  func predict(_ structure: AtomicStructure, species: [Int]) throws -> PotentialPrediction
}

/// Derivatives of the energy by what is known of each edge.
struct EdgeGradients<Scalar: TensorScalar>: @unchecked Sendable {
  /// By the place in the radial tables.
  let slopes: UnsafeMutablePointer<Scalar>
  let harmonics: UnsafeMutablePointer<Scalar>

  /// Zeros.
  init(_ system: PotentialSystem<Scalar>, _ memory: inout PotentialMemory<Scalar>) {
    slopes = memory.slopes.pointer(system.edgeCount)
    harmonics = memory.harmonicGradients.pointer(system.edgeCount * system.harmonicCount)
    ck_fill(Scalar.kernelType, system.edgeCount, 0, slopes)
    ck_fill(Scalar.kernelType, system.edgeCount * system.harmonicCount, 0, harmonics)
  }
}

/// A plan in one precision, with the memory of evaluations that are not under way.
private final class CompiledPlan<Scalar: TensorScalar>: PotentialPlan {
  private enum Kind {
    case mace(MACEPlan<Scalar>)
    case nequip(NequIPPlan<Scalar>)
  }
  private let kind: Kind
  private let repulsion: ZBLPairs?
  let tableError: Double
  private let idle = Mutex<[PotentialMemory<Scalar>]>([])

  init(_ model: any EnergyModel<Double>, degree: Int, tolerance: Double) throws {
    switch model {
    case let model as MACE<Double>:
      let plan = MACEPlan<Scalar>(try model.described(), degree: degree, tolerance: tolerance)
      (kind, tableError) = (.mace(plan), plan.tableError)
      repulsion = model.repulsion.map { ZBLPairs($0, scale: model.scales.elements[model.head]) }
    case let model as NequIP<Double>:
      let plan = try NequIPPlan<Scalar>(model, degree: degree, tolerance: tolerance)
      (kind, tableError) = (.nequip(plan), plan.tableError)
      repulsion = model.repulsion.map { ZBLPairs($0, scale: 1) }
    default: throw CompilationError(cause: "there is no plan of \(type(of: model))")
    }
  }

  var multiplyAdds: (atom: Int, edge: Int) {
    switch kind {
    case .mace(let plan): plan.multiplyAdds
    case .nequip(let plan): plan.multiplyAdds
    }
  }

  func predict(_ structure: AtomicStructure, species: [Int]) throws -> PotentialPrediction {
    var memory = idle.withLock { $0.popLast() } ?? PotentialMemory()
    defer { idle.withLock { $0.append(memory) } }
    let (cutoff, harmonic, intervals) =
      switch kind {
      case .mace(let plan): (plan.cutoff, plan.largestHarmonic, plan.intervals)
      case .nequip(let plan): (plan.cutoff, plan.largestHarmonic, plan.intervals)
      }
    let system = try PotentialSystem(
      structure, species: species, cutoff: cutoff, largestHarmonic: harmonic, intervals: intervals, memory: &memory)
    var energies = [Double](repeating: 0, count: system.atomCount)
    let gradients =
      switch kind {
      case .mace(let plan): plan.evaluate(system, memory: &memory, energies: &energies)
      case .nequip(let plan): plan.evaluate(system, memory: &memory, energies: &energies)
      }
    return system.prediction(energies, gradients, repulsion, &memory)
  }
}
