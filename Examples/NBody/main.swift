print("nbody")
