from ivr.simulator.server import main

main()
