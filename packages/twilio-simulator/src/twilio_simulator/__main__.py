from twilio_simulator.server import main

main()
