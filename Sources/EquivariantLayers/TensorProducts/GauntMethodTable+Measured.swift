extension GauntMethodTable {
  /// Measured on a core of an Intel Sapphire Rapids (AVX-512) by `benchmarks gaunt --table`, forward and backward together, on batches
  /// beyond the caches; of two runs the entry that more often chose the sparse method up to a sum of the degrees of 10, beyond it the other.
  public static let measured = GauntMethodTable(
    gauntFloat: Crossovers(
      sparse: [
        [0, 1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 7],
        [2, 3, 4, 5, 6, 7, 8],
        [3, 4, 5, 6, 5, 8, 9],
        [4, 5, 6, 5, 8, 9, 2],
        [5, 6, 7, 8, 9, 10, 1],
        [6, 7, 8, 9, 2, 1, 2],
      ]),
    gauntDouble: Crossovers(
      sparse: [
        [0, 1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 7],
        [2, 3, 4, 5, 6, 7, 8],
        [3, 4, 5, 6, 5, 8, 9],
        [4, 5, 6, 5, 8, 9, 6],
        [5, 6, 7, 8, 9, 10, 1],
        [6, 7, 8, 9, 6, 1, 0],
      ]),
    vectorSignalFloat: Crossovers(
      sparse: [
        [-1, -1, -1, -1, -1, -1, -1],
        [-1, 1, 2, 3, 4, 5, 6],
        [-1, 2, 3, 4, 5, 6, 7],
        [-1, 3, 4, 5, 6, 7, 8],
        [-1, 4, 5, 6, 7, 8, 9],
        [-1, 5, 6, 7, 8, 9, 6],
        [-1, 6, 7, 8, 9, 6, 11],
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
