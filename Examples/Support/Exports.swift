// Pages are drawn by parts of the library.
@_exported import EquivariantTraining
