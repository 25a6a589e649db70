"""What only the laptop needs: AWS in an emulator, the endpoint in a process, a demo client."""
