import DifferentiableTensors
import GroupTheory
import Requirements

/// Frames from the principal axes of each cloud: 2ᵈ for O(d) and E(d), 2ᵈ⁻¹ for SO(d) and SE(d), more where the spectrum is degenerate
/// (Puny et al. 2022, section 3.1).
///
/// With t the mean of the points (0 without translations) and C = Σᵢ (xᵢ − t)(xᵢ − t)ᵀ = V Λ Vᵀ, the axes are the columns of V times all
/// signs, or for SO(d) times those of determinant 1. Eigenvectors carry an error of rounding / gap: where two eigenvalues are closer than
/// ``gap``, a ``DegeneracyPolicy`` decides, so that the error of an average stays that of rounding, however close they are. Clouds without
/// points use the covariance of their vectors. The frames of a cloud with a coordinate that is not finite are NaN, and so are averages over
/// them; the other clouds of a batch are not affected.
public struct PCAFrame: PointFrames {
  /// The group under which averages are equivariant.
  public let group: EuclideanGroup
  /// What happens at repeated eigenvalues.
  public let degeneracy: DegeneracyPolicy
  /// Whether derivatives run through the axes (and weights) too; otherwise axes count as constants, as in the paper's code. They do so with
  /// every policy and stay finite near a degeneracy; where ``DegeneracyPolicy/refined`` or ``DegeneracyPolicy/stabiliser(degree:)`` make
  /// another choice, the average jumps. The centre is always differentiated.
  public let isDifferentiable: Bool
  /// The relative difference up to which invariants of rows count as equal.
  public let tolerance: Double?
  /// The difference of two eigenvalues, relative to the largest one, up to which the policy takes part: 1/256 for
  /// ``DegeneracyPolicy/refined`` and ``DegeneracyPolicy/stabiliser(degree:)``, for which an eigenvector is then right to a few hundred
  /// units in the last place.
  public let gap: Double

  /// - Parameters:
  ///   - group: O(d), SO(d), E(d) or SE(d).
  ///   - degeneracy: what happens at repeated eigenvalues.
  ///   - differentiable: whether derivatives run through the axes.
  ///   - tolerance: the relative difference of invariants up to which they count as equal; nil for the square root of the unit in the last
  ///     place of the coordinates.
  public init(_ group: EuclideanGroup, degeneracy: DegeneracyPolicy = .refined, differentiable: Bool = false, tolerance: Double? = nil) {
    if let tolerance { require(tolerance > 0 && tolerance < 1, "expected a tolerance between 0 and 1, received \(tolerance)") }
    switch degeneracy {
    case .weighted(let gap):
      require(gap > 0 && gap <= 1, "expected a gap in 0 ... 1, received \(gap)")
      self.gap = gap
    case .refined, .stabiliser: gap = 1.0 / 256
    case .ignored: gap = 0
    }
    (self.group, self.degeneracy, isDifferentiable, self.tolerance) = (group, degeneracy, differentiable, tolerance)
  }

  /// The frames of a batch.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, as features: [FrameFeature] = [.points()], rank: Int = 1
  ) -> FrameBatch<Scalar> {
    if x.rank > 0, x.shape[0] == 0 {
      // No clouds, no frames.
      let (d, hasPoints) = (group.dimension, features.contains { if case .points = $0 { true } else { false } })
      return FrameBatch(
        rotations: .zeros([0, d, d]), centers: group.hasTranslations && hasPoints ? .zeros([0, d]) : nil, clouds: RowIndex([], rowCount: 0))
    }
    let rows = CloudRows(x, features, group)
    let tolerance = self.tolerance ?? Double(Scalar.ulpOfOne.squareRoot())
    if isDifferentiable {
      let axes = PrincipalAxes(rows, self, tolerance, rank).built
      return FrameBatch(rotations: axes.rotations, weights: axes.weights, centers: rows.centers, clouds: axes.clouds)
    }
    // In double precision whatever the coordinates are, so that rounding is theirs alone.
    let axes = withoutRecording { PrincipalAxes(rows.detachedDoubles, self, tolerance, rank).built }
    return FrameBatch(
      rotations: axes.rotations.converted(to: Scalar.self), weights: axes.weights?.converted(to: Scalar.self), centers: rows.centers,
      clouds: axes.clouds)
  }
}

/// The axes of all clouds of a batch: those with a simple spectrum are treated together, the others one by one.
private struct PrincipalAxes<Scalar: TensorScalar> {
  typealias Axes = (rotations: Tensor<Scalar>, weights: Tensor<Scalar>)
  let rows: CloudRows<Scalar>
  let frame: PCAFrame
  let tolerance: Double
  let rank: Int
  /// The covariances, [clouds, d, d].
  let covariance: Tensor<Scalar>
  /// The eigenvalues, [clouds, d], ascending, and the eigenvectors, [clouds, d, d].
  let (values, vectors): (Tensor<Scalar>, Tensor<Scalar>)
  private var d: Int { frame.group.dimension }

  init(_ rows: CloudRows<Scalar>, _ frame: PCAFrame, _ tolerance: Double, _ rank: Int) {
    (self.rows, self.frame, self.tolerance, self.rank) = (rows, frame, tolerance, rank)
    covariance = Tensor.matmul(rows.anchors, rows.anchors, transposingFirst: true)
    (values, vectors) = covariance.symmetricEigen(broadening: Scalar(tolerance))
  }

  var built: (rotations: Tensor<Scalar>, weights: Tensor<Scalar>?, clouds: RowIndex) {
    let spectra = values.elements.map { Double($0) }
    let special = (0..<rows.clouds).filter { isSpecial(Array(spectra[$0 * d..<($0 + 1) * d])) }
    let signs = signChoices
    let perCloud = signs.count / d
    guard !special.isEmpty else {
      return (signed(vectors, signs), nil, RowIndex((0..<rows.clouds * perCloud).map { $0 / perCloud }, rowCount: rows.clouds))
    }
    let marked = Set(special)
    let regular = (0..<rows.clouds).filter { !marked.contains($0) }
    var parts: [Axes] = []
    var owners: [Int] = []
    if !regular.isEmpty {
      let count = regular.count * perCloud
      parts.append((signed(vectors.gathered(RowIndex(regular, rowCount: rows.clouds)), signs), equal(perCloud, count)))
      owners += regular.flatMap { Array(repeating: $0, count: perCloud) }
    }
    for cloud in special {
      let axes = frames(of: cloud, Array(spectra[cloud * d..<(cloud + 1) * d]), signs)
      parts.append(axes)
      owners += Array(repeating: cloud, count: axes.rotations.shape[0])
    }
    let order = owners.indices.sorted { (owners[$0], $0) < (owners[$1], $1) }
    let index = RowIndex(order, rowCount: order.count)
    let rotations = Tensor.concatenated(parts.map(\.rotations), axis: 0).gathered(index)
    let weights = Tensor.concatenated(parts.map(\.weights), axis: 0).gathered(index)
    return (rotations, weights, RowIndex(order.map { owners[$0] }, rowCount: rows.clouds))
  }

  private func equal(_ frames: Int, _ count: Int) -> Tensor<Scalar> { Tensor(repeating: 1 / Scalar(frames), shape: [count]) }

  /// Whether a policy takes part at this spectrum.
  private func isSpecial(_ spectrum: [Double]) -> Bool {
    switch frame.degeneracy {
    case .ignored: false
    case .refined, .stabiliser: smallestGap(spectrum) <= frame.gap
    case .weighted: smallestGap(spectrum) < frame.gap
    }
  }

  private func smallestGap(_ spectrum: [Double]) -> Double {
    let largest = spectrum[d - 1]
    if d == 1 { return largest > 0 ? .infinity : 0 }
    return largest > 0 ? zip(spectrum.dropFirst(), spectrum).map { ($0 - $1) / largest }.min()! : 0
  }

  /// All choices of a sign for each axis, as rows of d; for groups without reflections, of all axes but the last.
  private var signChoices: [Scalar] {
    let free = frame.group.hasReflections ? d : d - 1
    return (0..<1 << free).flatMap { bits in (0..<d).map { $0 < free && bits >> $0 & 1 == 1 ? -1 : 1 } }
  }

  /// The axes [clouds, d, d] with all signs, [clouds * choices, d, d].
  private func signed(_ vectors: Tensor<Scalar>, _ signs: [Scalar]) -> Tensor<Scalar> {
    let (n, k) = (vectors.shape[0], signs.count / d)
    var table = Tensor(signs, shape: [1, k, 1, d])
    if !frame.group.hasReflections {
      // The sign of the last axis makes the determinant 1.
      let values = vectors.detached.elements
      var each: [Scalar] = []
      each.reserveCapacity(n * signs.count)
      for cloud in 0..<n {
        let matrix = Matrix(rows: d, columns: d, values[cloud * d * d..<(cloud + 1) * d * d].map { Double($0) })
        let orientation: Scalar = matrix.determinant < 0 ? -1 : 1
        for choice in 0..<k {
          let chosen = signs[choice * d..<(choice + 1) * d - 1]
          each += chosen
          each.append(chosen.reduce(orientation, *))
        }
      }
      table = Tensor(each, shape: [n, k, 1, d])
    }
    return (vectors.expandingAxis(1) * table).reshaped(n * k, d, d)
  }

  /// The frames of a cloud that a policy takes care of.
  private func frames(of cloud: Int, _ spectrum: [Double], _ signs: [Scalar]) -> Axes {
    if case .weighted = frame.degeneracy { return blended(cloud, frame.gap, signs) }
    var flags = RefinedFlags(
      eigenspaces: eigenspaces(of: cloud, spectrum), candidates: rows.candidates(of: cloud), tolerance: tolerance,
      hasReflections: frame.group.hasReflections, rank: rank)
    if case .stabiliser(let degree) = frame.degeneracy { flags.stabiliserDegree = degree }
    flags.tellsSources = frame.isDifferentiable
    let found = flags.frames
    let weights = Tensor(found.map { Scalar($0.weight) })
    if frame.isDifferentiable { return (rotations(of: found, in: flags.eigenspaces.map(\.count), of: cloud), weights) }
    // Axes are columns.
    let elements = found.flatMap { frame in (0..<d * d).map { Scalar(frame.axes[$0 % d][$0 / d]) } }
    return (Tensor(elements, shape: [found.count, d, d]), weights)
  }

  /// The same axes as functions of the rows and of the projections onto the eigenspaces, which are smooth where eigenvectors are not: place
  /// by place for all frames.
  private func rotations(of frames: [RefinedFlags.Frame], in sizes: [Int], of cloud: Int) -> Tensor<Scalar> {
    let (count, one) = (frames.count, RowIndex([cloud], rowCount: rows.clouds))
    let known = [rows.anchors, rows.vectors].compactMap { $0?.gathered(one) }.map { $0.reshaped($0.count / d, d) }
    let sources = Tensor.concatenated(known, axis: 0)
    var axes: [Tensor<Scalar>] = []
    for (first, size) in zip(sizes.indices.map { sizes[..<$0].reduce(0, +) }, sizes) {
      let projector = projector(onto: first..<first + size, of: one)
      for place in first..<first + size {
        var constants: [Scalar] = []
        let numbers = frames.map { frame in
          switch frame.sources[place] {
          case .candidate(let number): return number
          case .constant(let vector):
            constants += vector.map { Scalar($0) }
            return sources.shape[0] + constants.count / d - 1
          }
        }
        let all = Tensor.concatenated([sources, Tensor(constants, shape: [constants.count / d, d])], axis: 0)
        let source = all.gathered(RowIndex(numbers, rowCount: all.shape[0]))
        var rest = Tensor.matmul(source, projector)
        // Twice, against cancellation.
        for _ in 0..<2 {
          for axis in axes[first...] { rest = rest - Tensor.rowDot(rest, axis) * axis }
          rest = rest.normalized()
        }
        axes.append(rest)
      }
    }
    let turns = Tensor(frames.flatMap { $0.turn.elements.map { Scalar($0) } }, shape: [count, d, d])
    return Tensor.matmul(Tensor.stacked(axes, axis: 1), turns, transposingFirst: true)
  }

  /// The eigenvectors, with those of equal eigenvalues together.
  private func eigenspaces(of cloud: Int, _ spectrum: [Double]) -> [[[Double]]] {
    let v = vectors.detached.sliced(axis: 0, cloud..<cloud + 1).elements
    var spaces: [[[Double]]] = []
    for k in 0..<d {
      let axis = (0..<d).map { Double(v[$0 * d + k]) }
      if k > 0, spectrum[k] - spectrum[k - 1] <= frame.gap * spectrum[d - 1] {
        spaces[spaces.count - 1].append(axis)
      } else {
        spaces.append([axis])
      }
    }
    return spaces
  }

  /// The projector [d, d] onto the span of some eigenvectors of a cloud, differentiable however close their eigenvalues are to each other.
  ///
  /// In a basis of eigenvectors, here constants, the span is that of the columns of (1, X) with X (Λ₁ − Λ₂) = D₂₁ + D₂₂ X − X D₁₁ − X D₁₂ X
  /// for a change D of the matrix: a step of this iteration makes derivatives of one more order right. The only divisors are differences
  /// between eigenvalues within the span and outside it.
  private func projector(onto range: Range<Int>, of cloud: RowIndex) -> Tensor<Scalar> {
    if range.count == d { return .identity(d) }
    let v = vectors.detached.gathered(cloud).reshaped(d, d)
    let spectrum = values.detached.gathered(cloud).elements
    let others = (0..<d).filter { !range.contains($0) }
    let all = Tensor.matmul(Tensor.matmul(v, covariance.gathered(cloud).reshaped(d, d), transposingFirst: true), v)
    let change = all - all.detached
    func block(_ rows: [Int], _ columns: [Int]) -> Tensor<Scalar> {
      change.gathered(RowIndex(rows, rowCount: d)).transposed().gathered(RowIndex(columns, rowCount: d)).transposed()
    }
    let inside = Array(range)
    let inverse = Tensor(
      others.flatMap { e in inside.map { 1 / (spectrum[$0] - spectrum[e]) } }, shape: [others.count, inside.count])
    let (d11, d12, d21, d22) = (block(inside, inside), block(inside, others), block(others, inside), block(others, others))
    var x = inverse * d21
    for _ in 0..<2 {
      x = inverse * (d21 + Tensor.matmul(d22, x) - Tensor.matmul(x, d11) - Tensor.matmul(x, Tensor.matmul(d12, x)))
    }
    // W (WᵀW)⁻¹ Wᵀ with WᵀW = 1 + XᵀX, where X itself is 0.
    func columns(_ numbers: [Int]) -> Tensor<Scalar> { v.transposed().gathered(RowIndex(numbers, rowCount: d)).transposed() }
    let w = columns(inside) + Tensor.matmul(columns(others), x)
    let inverseGram = Tensor.identity(inside.count) - Tensor.matmul(x, x, transposingFirst: true)
    return Tensor.matmul(Tensor.matmul(w, inverseGram), w, transposingSecond: true)
  }

  /// Principal axes and weighted flags, mixed by how far apart the eigenvalues are.
  private func blended(_ cloud: Int, _ gap: Double, _ signs: [Scalar]) -> Axes {
    let one = RowIndex([cloud], rowCount: rows.clouds)
    let spectrum = values.gathered(one).reshaped(d)
    let candidates = [rows.anchors, rows.vectors].compactMap { $0?.gathered(one) }.map { $0.reshaped($0.count / d, d) }
    let flags = WeightedFlags(candidates: .concatenated(candidates, axis: 0), rank: rank)
      .frames(signs: signs, signed: signed)
    let largest = spectrum.sliced(axis: 0, d - 1..<d)
    guard largest.item > 0, d > 1 else { return flags }
    // Π (3 u² − 2 u³) with u = gap / threshold clamped to 0 ... 1
    let gaps = (spectrum.sliced(axis: 0, 1..<d) - spectrum.sliced(axis: 0, 0..<d - 1)) / largest
    let u = (gaps * Scalar(1 / gap)).clamped(0, 1)
    let steps = u.squared() * (3 - 2 * u)
    var share = steps.sliced(axis: 0, 0..<1)
    for k in 1..<Swift.max(1, d - 1) { share = share * steps.sliced(axis: 0, k..<k + 1) }
    guard share.item > 0 else { return flags }
    let principal = signed(self.vectors.gathered(one), signs)
    let number = principal.shape[0]
    let weights = Tensor.concatenated([
      share.broadcast(to: [number]) * (1 / Scalar(number)), flags.weights * (1 - share),
    ])
    return (.concatenated([principal, flags.rotations], axis: 0), weights)
  }
}
