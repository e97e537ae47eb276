import RealModule

/// The names of classes and irreps of a point group, by what its elements do (Mulliken 1955, "Report on notation for the spectra of polyatomic
/// molecules").
struct PointGroupNaming {
  /// The classes in the order of character tables.
  private(set) var classes: [(name: String, elements: [Int])] = []
  private(set) var irreps: [(name: String, number: Int)] = []

  private let symbol: SchoenfliesSymbol
  private let elements: [OrthogonalElement]
  private let table: TableGroup
  private let operations: [Operation]

  /// An element as a turn by 2π k / n about an axis, after a reflection across it where it is improper.
  struct Operation {
    let n: Int
    let k: Int
    /// The axis of the turn; for a reflection, the normal of its plane.
    let axis: SIMD3<Double>
    let isImproper: Bool

    init(_ element: OrthogonalElement) {
      isImproper = element.isImproper
      // −R(θ) is the reflection across the axis and a turn by θ + π.
      let turn = element.rotation.angle / (2 * .pi) + (isImproper ? 0.5 : 0)
      let axis = element.rotation.axis
      var found = (n: 1, k: 0)
      for n in 1...2 * SchoenfliesSymbol.largestOrder {
        let k = (turn * Double(n)).rounded()
        if abs(turn * Double(n) - k) < 1e-6 {
          found = (n, Int(k) % n)
          break
        }
      }
      // The turn the other way about the opposite axis is the same: upwards about the principal axis, or else by up to half a turn.
      let isPrincipal = abs((axis * PointGroupNaming.z).sum()) > 1 - 1e-6
      let flipped = isPrincipal ? axis.z < 0 : 2 * found.k > found.n
      self.axis = flipped ? -axis : axis
      (n, k) = (found.n, flipped ? (found.n - found.k) % found.n : found.k)
    }

    /// "^p" behind the symbol of a turn that is the p-th power of the smallest one, p > 1; powers of Sₙ that are improper are odd.
    var power: String {
      let power = isImproper && n % 2 == 1 && k % 2 == 0 ? k + n : k
      return power > 1 ? "^\(power)" : ""
    }

    var isInversion: Bool { isImproper && n == 2 }
    var isReflection: Bool { isImproper && n == 1 }
    func isAlong(_ other: SIMD3<Double>) -> Bool { abs((axis * other).sum()) > 1 - 1e-6 }
    func isAcross(_ other: SIMD3<Double>) -> Bool { abs((axis * other).sum()) < 1e-6 }
  }

  init(_ symbol: SchoenfliesSymbol, elements: [OrthogonalElement], table: TableGroup) {
    (self.symbol, self.elements, self.table) = (symbol, elements, table)
    operations = elements.map(Operation.init)
    classes = namedClasses()
    irreps = namedIrreps()
  }

  fileprivate static let (x, y, z) = (SIMD3(1.0, 0, 0), SIMD3(0.0, 1, 0), SIMD3(0.0, 0, 1))
  private var isPolyhedral: Bool { if case .polyhedral = symbol { true } else { false } }
  private var hasInversion: Bool { operations.contains(where: \.isInversion) }

  // MARK: Classes

  private func namedClasses() -> [(name: String, elements: [Int])] {
    let found = table.conjugacyClasses.map { members -> (order: [Int], name: String, elements: [Int]) in
      let (order, name) = described(members)
      return (order, (members.count == 1 ? "" : "\(members.count)") + name, members)
    }
    var named: [(name: String, elements: [Int])] = []
    for (_, name, members) in found.sorted(by: { $0.order.lexicographicallyPrecedes($1.order) }) {
      // Of two classes that differ by the sense of the turn alone (T, Tₕ) the second is that of the inverses.
      let n = operations[members[0]].n
      named.append((named.contains { $0.name == name } ? "\(name)^\(n - 1)" : name, members))
    }
    return named
  }

  /// Where a class stands in the table, and the symbol of its operations.
  private func described(_ members: [Int]) -> (order: [Int], name: String) {
    // Of inverse operations the one that turns less.
    let operation = members.map { operations[$0] }.min { ($0.k, $0.n) < ($1.k, $1.n) }!
    let isPrincipal = operation.isAlong(Self.z)
    let isThroughX = members.contains { operations[$0].isAlong(Self.x) }
    let power = operation.power
    func place(_ kind: Int, _ rest: Int...) -> [Int] { [operation.isImproper ? 1 : 0, kind] + rest }
    if operation.isInversion { return (place(0), "i") }
    if !operation.isImproper {
      if operation.n == 1 { return (place(0), "E") }
      if isPolyhedral {
        // In O the half turns about edges are C2', in the order of the literature before the quarter turns and their squares.
        let isPrimed = operation.n == 2 && classesOfHalfTurns > 1 && !members.contains { operations[$0].isAlong(Self.z) }
        let rank = isPrimed ? 2 : operation.n == 2 ? 4 : operation.n == 4 ? 3 : 5 - operation.n
        return (place(1, rank, operation.k), "C\(operation.n)\(power)\(isPrimed ? "'" : "")")
      }
      if isPrincipal {
        let name = isTwoFold ? "C2(z)" : "C\(operation.n)\(power)"
        return (place(1, turnOrder(operation)), name)
      }
      if isTwoFold, members.count == 1 { return (place(2, isThroughX ? 2 : 1), isThroughX ? "C2(x)" : "C2(y)") }
      // Primes tell these half turns from that about the principal axis.
      let primes =
        !operations.contains { !$0.isImproper && $0.n == 2 && $0.isAlong(Self.z) } ? "" : isThroughX || !hasTwoKinds(false) ? "'" : "''"
      return (place(2, isThroughX ? 0 : 1), "C2\(primes)")
    }
    if operation.isReflection {
      if isPolyhedral {
        let isHorizontal = members.contains { operations[$0].isAlong(Self.z) } && !hasTetrahedralMirrors
        return (place(3, isHorizontal ? 0 : 1), hasManyMirrors ? "σ" : isHorizontal ? "σh" : "σd")
      }
      if isPrincipal { return (place(hasInversion ? 3 : 1, 0), isTwoFold && hasInversion ? "σ(xy)" : "σh") }
      let containsX = members.contains { operations[$0].isAcross(Self.x) }
      if isTwoFold, members.count == 1 { return (place(4, containsX ? 0 : 1), containsX ? "σ(xz)" : "σ(yz)") }
      if case .d(_, .d) = symbol { return (place(4, 0), "σd") }
      return (place(4, containsX ? 0 : 1), containsX || !hasTwoKinds(true) ? "σv" : "σd")
    }
    let rank = operation.n == 10 ? 0 : operation.n
    return (isPolyhedral ? place(2, rank, operation.k) : place(2, turnOrder(operation)), "S\(operation.n)\(power)")
  }

  /// Turns by less come first.
  private func turnOrder(_ operation: Operation) -> Int { operation.k * 1000 / operation.n }
  private var classesOfHalfTurns: Int {
    table.conjugacyClasses.count { members in !operations[members[0]].isImproper && operations[members[0]].n == 2 }
  }
  /// T_d has mirrors through two-fold axes only.
  private var hasTetrahedralMirrors: Bool { symbol == .polyhedral(.td) }
  private var hasManyMirrors: Bool { symbol == .polyhedral(.ih) }
  /// C₂ᵥ, D₂ and D₂ₕ, where no axis or plane is like another.
  private var isTwoFold: Bool { [.c(2, .v), .d(2), .d(2, .h)].contains(symbol) }
  /// Whether there are two classes of half turns, or of reflections, beside the principal axis.
  private func hasTwoKinds(_ improper: Bool) -> Bool {
    table.conjugacyClasses.count { members in
      let operation = operations[members[0]]
      return operation.isImproper == improper && operation.n == (improper ? 1 : 2) && operation.isAcross(Self.z)
    } > 1
  }

  // MARK: Irreps

  private func namedIrreps() -> [(name: String, number: Int)] {
    let all = table.irreps
    var named: [(order: [Int], name: String, number: Int)] = all.enumerated().map { number, irrep in
      let (order, name) = described(irrep)
      return (order, name, number)
    }
    named.sort { $0.order.lexicographicallyPrecedes($1.order) }
    // A number that tells nothing apart is left out: E of C3v, not E1.
    let letters = named.map { $0.name.filter { !$0.isNumber } }
    return named.enumerated().map { place, entry in
      let isAlone = letters.count { $0 == letters[place] } == 1
      return (isAlone ? letters[place] : entry.name, entry.number)
    }
  }

  /// The character of an irrep, divided by its dimension, at the first element that an operation fits.
  private func sign(_ irrep: FiniteGroupIrrep, where fits: (Operation) -> Bool) -> Double? {
    operations.firstIndex(where: fits).map { irrep.character(of: $0) / Double(irrep.dimension) }
  }

  private func described(_ irrep: FiniteGroupIrrep) -> (order: [Int], name: String) {
    // Behind the letter: g or u where there is an inversion, primes where there is only a horizontal mirror.
    var (parity, suffix) = (0, "")
    if let inversion = sign(irrep, where: \.isInversion) {
      (parity, suffix) = inversion > 0 ? (0, "g") : (1, "u")
    } else if !isPolyhedral, let mirror = sign(irrep, where: { $0.isReflection && $0.isAlong(Self.z) }) {
      (parity, suffix) = mirror > 0 ? (0, "'") : (1, "''")
    }
    func named(_ letter: String, _ rank: Int, _ number: Int) -> ([Int], String) {
      ([parity, rank, number], letter + (number > 0 ? "\(number)" : "") + suffix)
    }
    switch irrep.dimension {
    case 1: return oneDimensional(irrep, named)
    case 2: return named("E", 2, isPolyhedral ? 0 : frequency(irrep))
    case 3: return named("T", 3, triple(irrep))
    case 4: return named("G", 4, 0)
    default: return named("H", 5, 0)
    }
  }

  private func oneDimensional(_ irrep: FiniteGroupIrrep, _ named: (String, Int, Int) -> ([Int], String)) -> ([Int], String) {
    if isPolyhedral {
      // A1 and A2 differ at quarter turns, proper or not.
      let quarter = sign(irrep) { $0.n == 4 } ?? 1
      return named("A", 0, quarter > 0 ? 1 : 2)
    }
    if symbol == .d(2) || symbol == .d(2, .h) {
      let signs = [Self.z, Self.y, Self.x].map { axis in sign(irrep) { !$0.isImproper && $0.n == 2 && $0.isAlong(axis) }! }
      return signs.allSatisfy { $0 > 0 } ? named("A", 0, 0) : named("B", 1, signs.firstIndex { $0 > 0 }! + 1)
    }
    let principal = sign(irrep, where: isPrincipalTurn) ?? 1
    let axis = sign(irrep) { !$0.isImproper && $0.n == 2 && $0.isAlong(Self.x) }
    let beside = axis ?? sign(irrep) { $0.isReflection && $0.isAcross(Self.z) && $0.isAcross(Self.x) }
    let number = beside.map { $0 > 0 ? 1 : 2 } ?? 0
    return principal > 0 ? named("A", 0, number) : named("B", 1, number)
  }

  /// The smallest turn about the principal axis: of S₂ₙ and of Dₙ_d with even n an improper one.
  private func isPrincipalTurn(_ operation: Operation) -> Bool {
    let (n, improper): (Int, Bool) =
      switch symbol {
      case .c(let n, _): (n, false)
      case .ci: (1, false)
      // With an inversion the turns alone tell what g and u do not.
      case .s(let n): n % 4 == 0 ? (n, true) : (n / 2, false)
      case .d(let n, .d) where n.isMultiple(of: 2): (2 * n, true)
      case .d(let n, _): (n, false)
      case .polyhedral: (1, false)
      }
    return operation.isImproper == improper && operation.n == n && operation.k == min(1, n - 1) && (n == 1 || operation.isAlong(Self.z))
  }

  /// k with the character 2 cos(2πk / n) at the smallest turn by 2π / n.
  private func frequency(_ irrep: FiniteGroupIrrep) -> Int {
    guard let place = operations.firstIndex(where: isPrincipalTurn) else { return 0 }
    let angle = Double.acos(max(-1, min(1, irrep.character(of: place) / 2)))
    return Int((angle * Double(operations[place].n) / (2 * .pi)).rounded())
  }

  /// 1 or 2 at quarter turns (O, T_d), or at fifths of a turn (I); 0 where there are none.
  private func triple(_ irrep: FiniteGroupIrrep) -> Int {
    if let fifth = operations.firstIndex(where: { !$0.isImproper && $0.n == 5 && $0.k == 1 }) {
      return irrep.character(of: fifth) > 0 ? 1 : 2
    }
    guard let quarter = operations.firstIndex(where: { $0.n == 4 }) else { return 0 }
    return irrep.character(of: quarter) > 0 ? 1 : 2
  }
}
