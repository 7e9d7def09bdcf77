"""What a host may expect of us: its robots.txt, our delay, our name, and rest after failures."""
