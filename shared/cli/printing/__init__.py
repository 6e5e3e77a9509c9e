"""Cases on paper (IN-25): made here at the command line, never in a service, as PDF with its own letters inside."""
