extension GauntMethodTable {
  /// The table as measured on a core of an Intel Sapphire Rapids (AVX-512) by `benchmarks products --table`, forward and backward together,
  /// on batches within and beyond the caches. Runs differ where the methods are about as fast: entries are the largest of the runs beyond
  /// the caches up to L₁+L₂ = 8, and the least of all runs from there on.
  public static let measured = GauntMethodTable(
    gauntFloat: Crossovers(
      sparse: [
        [0, 1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 7],
        [2, 3, 4, 5, 6, 7, 8],
        [3, 4, 5, 6, 5, 8, 2],
        [4, 5, 6, 5, 8, 1, 1],
        [5, 6, 7, 8, 1, 1, 1],
        [6, 7, 8, 2, 1, 1, 1],
      ]),
    gauntDouble: Crossovers(
      sparse: [
        [0, 1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 7],
        [2, 3, 4, 5, 6, 7, 8],
        [3, 4, 5, 6, 5, 8, 2],
        [4, 5, 6, 5, 8, 1, 0],
        [5, 6, 7, 8, 1, 1, 1],
        [6, 7, 8, 2, 0, 1, 0],
      ]),
    vectorSignalFloat: Crossovers(
      sparse: [
        [-1, -1, -1, -1, -1, -1, -1],
        [-1, 1, 2, 3, 4, 5, 6],
        [-1, 2, 3, 4, 5, 6, 7],
        [-1, 3, 4, 5, 6, 7, 6],
        [-1, 4, 5, 6, 7, 6, 9],
        [-1, 5, 6, 7, 6, 9, 6],
        [-1, 6, 7, 6, 9, 6, 11],
      ]),
    vectorSignalDouble: Crossovers(
      sparse: [
        [-1, -1, -1, -1, -1, -1, -1],
        [-1, 1, 2, 3, 4, 5, 6],
        [-1, 2, 3, 4, 5, 6, 7],
        [-1, 3, 4, 5, 6, 7, 8],
        [-1, 4, 5, 6, 7, 8, 9],
        [-1, 5, 6, 7, 8, 9, 10],
        [-1, 6, 7, 8, 9, 10, 11],
      ])
  )
}
